import { z } from 'zod';
import { counterfactuals, lackOfChange, paintedTraits } from '../counterfactuals.ts';
import { change } from '../parameters.ts';
import { defineTask } from '../task.ts';
import { drawnChange } from './drawn-change.ts';

/** A trait or two of each picture changed, all else as it is: the truth is what the picture would be, exactly. */
export default defineTask({
  kind: 'edit',
  name: 'trait-editing',
  title: 'Trait editing',
  version: 1,
  source: 'text-guided editing as Prompt-to-Prompt (arXiv 2208.01626) poses it, with exact counterfactuals',
  params: z
    .strictObject({
      change: z
        .union([z.literal('drawn'), change])
        .default('drawn')
        .describe(
          'traits with the values that they are to have, as { hat: red }; drawn: for each picture anew',
        ),
      count: z
        .int()
        .min(1)
        .max(2)
        .default(1)
        .describe('traits that change in a picture, where they are drawn'),
      giveMask: z.boolean().default(false).describe('whether methods are told where a picture may change'),
    })
    .refine(({ change, count }) => change === 'drawn' || count === 1, {
      path: ['count'],
      message: 'counts traits that are drawn; here change names them: expected 1',
    }),
  captioned: true,
  editable: true,
  traits: ({ change }) => ({ change: change === 'drawn' ? {} : change }),
  leavesOut: async (dataset, id, { change }) =>
    change === 'drawn' ? null : lackOfChange(paintedTraits(dataset), id, change),
  async pose({ x, ids, dataset }, { change, count, giveMask }, streams) {
    const [height, width] = x.shape.slice(-2) as [number, number];
    const changeOf = async (id: string, i: number) =>
      change === 'drawn'
        ? drawnChange(paintedTraits(dataset), id, count, streams.uniforms('operator', i))
        : change;
    const edited = await counterfactuals(dataset, ids, changeOf, { height, width });
    const { mask, traits, captions: targets } = edited;
    const captions = await Promise.all(ids.map((id) => dataset.caption!(id)));
    return {
      given: { x, captions, targets, ...(giveMask && { mask }) },
      truth: edited.x,
      wanted: { captions: targets, mask, traits },
    };
  },
  baseline: { name: 'unchanged picture', solve: ({ x }) => ({ x: x.clone() }) },
});
