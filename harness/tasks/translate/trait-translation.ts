import { z } from 'zod';
import type { Dataset, Traits } from '../../data/dataset.ts';
import { counterfactuals, lackOfChange, paintedTraits } from '../counterfactuals.ts';
import { change } from '../parameters.ts';
import { defineTask } from '../task.ts';

/** From pictures that have one value of a trait to those that have another: each picture's own counterfactual is the truth. */
export default defineTask({
  kind: 'translate',
  name: 'trait-translation',
  title: 'Trait translation',
  version: 1,
  source: 'image-to-image translation as ILVR (arXiv 2108.02938) poses it, with exact counterfactuals',
  params: z.strictObject({
    from: change.default({ hair: 'black' }).describe('what the pictures of the first domain have in common'),
    to: change.default({ hair: 'blond' }).describe('the same of the other one'),
  }),
  captioned: true,
  editable: true,
  traits: ({ from, to }) => ({ from, to }),
  async leavesOut(dataset, id, { from, to }) {
    const painted = paintedTraits(dataset);
    return (await lackOfTraits(dataset, id, from)) ?? lackOfChange(painted, id, to);
  },
  async pose({ x, ids, dataset }, { from, to }) {
    const [height, width] = x.shape.slice(-2) as [number, number];
    const painted = paintedTraits(dataset);
    const translated = await counterfactuals(dataset, ids, async () => to, { height, width });
    const { captions, mask, traits } = translated;
    return {
      given: { x, from: painted.phrase(from), to: painted.phrase(to) },
      truth: translated.x,
      wanted: { captions, mask, traits },
    };
  },
  baseline: { name: 'unchanged picture', solve: ({ x }) => ({ x: x.clone() }) },
});

/** Why a picture is not of the domain; null: it is. */
async function lackOfTraits(dataset: Dataset, id: string, domain: Traits): Promise<string | null> {
  const own = await paintedTraits(dataset).of(id);
  const other = Object.keys(domain).find((trait) => own[trait] !== domain[trait]);
  return other === undefined ? null : `does not show ${other}: ${domain[other]}`;
}
