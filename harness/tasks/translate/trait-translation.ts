import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { counterfactuals, paintedTraits } from '../counterfactuals.ts';
import { change } from '../parameters.ts';
import { defineTask } from '../task.ts';
import { exampleIds, lackOfDomain, picturesOf } from './domains.ts';

/** From pictures that have one value of a trait to those that have another: each picture's own counterfactual is the truth. */
export default defineTask({
  kind: 'translate',
  name: 'trait-translation',
  title: 'Trait translation',
  version: 2,
  source: 'image-to-image translation as ILVR (arXiv 2108.02938) poses it, with exact counterfactuals',
  params: z
    .strictObject({
      from: change
        .default({ hair: 'black' })
        .describe('what the pictures of the first domain have in common'),
      to: change.default({ hair: 'blond' }).describe('the same of the other one'),
      examples: z
        .int()
        .min(0)
        .max(1000)
        .default(16)
        .describe('pictures of each domain that a method may ask for: the first of the training split'),
    })
    .refine(({ from, to }) => !isDeepStrictEqual(from, to), {
      path: ['to'],
      message: 'is what from says; expected another domain',
    }),
  captioned: true,
  editable: true,
  traits: ({ from, to }) => ({ from, to }),
  leavesOut: lackOfDomain,
  async shows(dataset, domains) {
    const { from, to } = await exampleIds(dataset, domains);
    return [...from, ...to];
  },
  async pose({ x, ids, dataset }, domains) {
    const { from, to } = domains;
    const [height, width] = x.shape.slice(-2) as [number, number];
    const size = { height, width };
    const painted = paintedTraits(dataset);
    const translated = await counterfactuals(dataset, ids, async () => to, size);
    const { captions, mask, traits } = translated;
    const shown = await exampleIds(dataset, domains);
    return {
      given: {
        x,
        from: painted.phrase(from),
        to: painted.phrase(to),
        ...(shown.from.length > 0 && {
          examples: async () => ({
            from: await picturesOf(dataset, shown.from, size),
            to: await picturesOf(dataset, shown.to, size),
          }),
        }),
      },
      truth: translated.x,
      wanted: { captions, mask, traits },
    };
  },
  baseline: { name: 'unchanged picture', solve: ({ x }) => ({ x: x.clone() }) },
});
