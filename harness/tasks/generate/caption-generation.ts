import { z } from 'zod';
import { defineTask } from '../task.ts';

/** Pictures of captions: those of real pictures, so that the two sets can be compared. */
export default defineTask({
  kind: 'generate',
  name: 'caption-generation',
  title: 'Generation',
  version: 1,
  source:
    'generation of the captions of a held-out set, as Imagen (arXiv 2205.11487, section 4) measures FID',
  params: z.strictObject({}),
  captioned: true,
  async pose({ x, ids, dataset }) {
    const captions = await Promise.all(ids.map((id) => dataset.caption!(id)));
    const traits = dataset.traits && (await Promise.all(ids.map((id) => dataset.traits!.of(id))));
    return { given: { captions }, truth: x, wanted: { captions, ...(traits && { traits }) } };
  },
});
