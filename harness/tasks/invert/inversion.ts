import { z } from 'zod';
import { defineTask } from '../task.ts';

/** To find what a prior makes each picture of. */
export default defineTask({
  kind: 'invert',
  name: 'inversion',
  title: 'Inversion',
  version: 1,
  source: 'DDIM (arXiv 2010.02502, section 5.4) and null-text inversion (arXiv 2211.09794)',
  params: z.strictObject({}),
  async pose({ x, ids, dataset }) {
    const captions = dataset.caption && (await Promise.all(ids.map((id) => dataset.caption!(id))));
    return { given: { x, ...(captions && { captions }) }, truth: x, wanted: captions ? { captions } : {} };
  },
});
