import { labels, PARTS, render, SPLITS, sample } from '../../datasets/toyfaces/index.ts';
import { UserError } from '../errors.ts';
import type { PictureSize } from '../pictures/image8.ts';
import { type Dataset, itemOf, type Split } from './dataset.ts';

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
