import {
  edited,
  labels,
  PARTS,
  phraseOf,
  render,
  SPLITS,
  sample,
  TRAIT_NAMES,
  TRAITS,
  traitsOf,
  whyNone,
  withConsequences,
} from '../../datasets/toyfaces/index.ts';
import { UserError } from '../errors.ts';
import type { PictureSize } from '../pictures/image8.ts';
import { type Dataset, itemOf, type PaintedTraits, type Split, type Traits } from './dataset.ts';
import { requireTraits } from './traits.ts';

type ToyTraits = ReturnType<typeof traitsOf>;

const values = Object.fromEntries(TRAIT_NAMES.map((name) => [name, TRAITS[name].values]));

const traits: PaintedTraits = {
  values,
  local: TRAIT_NAMES.filter((name) => TRAITS[name].parts.length > 0),
  async of(id) {
    return traitsOf(shownBy(id).attributes);
  },
  async after(id, change) {
    const after = traitsAfter(id, change);
    return whyNone(after) ?? after;
  },
  async edited(id, change, size) {
    refuseOblong(size);
    const after = traitsAfter(id, change);
    const why = whyNone(after);
    if (why !== null) throw new UserError(`toyfaces ${id} has no such counterfactual: ${why}`);
    const { height, width } = size;
    const { pixels, caption, mask } = edited(shownBy(id).attributes, after, width);
    const item = itemOf(id, { width, height, channels: 3, data: pixels }, { caption });
    return { item, traits: after, mask };
  },
  phrase: (some) => phraseOf(some),
};

function traitsAfter(id: string, change: Traits): ToyTraits {
  requireTraits('toyfaces', values, change);
  return { ...traitsOf(shownBy(id).attributes), ...withConsequences(change) };
}

/**
 * Procedural captioned portraits (datasets/toyfaces). Ids are `<split>/<five digits>`. Pictures are square, 64 pixels for
 * the embedded prior; another side is painted at that size, not resampled.
 */
export const toyfaces: Dataset = {
  name: 'toyfaces',
  description: 'procedural captioned portraits, made for 64x64 (toy)',
  async ids(split) {
    return Array.from({ length: SPLITS[split].count }, (_, index) => idOf(split, index));
  },
  async item(id, size) {
    refuseOblong(size);
    const { height, width } = size;
    const { attributes, caption } = shownBy(id);
    return itemOf(id, { width, height, channels: 3, data: render(attributes, width) }, { caption });
  },
  async caption(id) {
    return shownBy(id).caption;
  },
  async labels(id, size) {
    refuseOblong(size);
    const { height, width } = size;
    return { height, width, classes: PARTS, data: labels(shownBy(id).attributes, width) };
  },
  traits,
};

function refuseOblong({ height, width }: PictureSize): void {
  if (height !== width) throw new UserError(`toyfaces paints square pictures, not ${width}x${height}`);
}

function shownBy(id: string): ReturnType<typeof sample> {
  const { split, index } = placeOf(id);
  return sample(SPLITS[split].seed, index);
}

function idOf(split: Split, index: number): string {
  return `${split}/${String(index).padStart(5, '0')}`;
}

function placeOf(id: string): { split: Split; index: number } {
  const match = /^(train|validation|test)\/(\d{5})$/.exec(id);
  const split = match?.[1] as Split | undefined;
  const index = Number(match?.[2]);
  if (split === undefined || index >= SPLITS[split].count) {
    const ranges = Object.entries(SPLITS).map(
      ([name, { count }]) => `${name}/00000 to ${idOf(name as Split, count - 1)}`,
    );
    throw new UserError(`toyfaces has no picture "${id}"; expected ${ranges.join(', ')}`);
  }
  return { split, index };
}
