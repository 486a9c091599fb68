import { createHash } from 'node:crypto';
import { type Dataset, SPLIT_NAMES } from '../data/dataset.ts';
import { toImage8 } from '../pictures/image8.ts';
import { expect } from './check.ts';
import type { PartCheck } from './part-check.ts';

/** Square: a set may be painted for priors, whose pictures are. */
const SIZE = { height: 32, width: 32 };

/** What every data set must do. */
export const ofDataSets: readonly PartCheck<Dataset>[] = [
  {
    name: 'names its pictures, each once',
    async run(dataset) {
      const ids = await allIds(dataset);
      expect(ids.length > 0, `ids: no picture in any split (${SPLIT_NAMES.join(', ')})`);
      const other = ids.find((id) => typeof id !== 'string' || id === '');
      expect(other === undefined, `ids: found ${String(other)}, expected texts`);
      const twice = ids.find((id, i) => ids.indexOf(id) !== i);
      expect(twice === undefined, `ids: "${twice}" is there twice`);
    },
  },
  {
    name: 'gives the same pixels each time, at the size that it is asked for, with their sha256',
    async run(dataset) {
      const [id] = await allIds(dataset);
      const item = await dataset.item(id!, SIZE);
      const length = 3 * SIZE.height * SIZE.width;
      expect(item.id === id, `item("${id}"): has the id ${item.id}`);
      expect(
        item.height === SIZE.height && item.width === SIZE.width && item.image.length === length,
        `item("${id}"): ${item.image.length} values of ${item.height}x${item.width}, ` +
          `expected ${length} of ${SIZE.height}x${SIZE.width}, three channels`,
      );
      const far = item.image.find((value) => !(Math.abs(value) <= 1));
      expect(far === undefined, `item("${id}"): found a value of ${far}, expected [-1, 1]`);
      const { data } = toImage8(item.image, [3, SIZE.height, SIZE.width]);
      const sha256 = createHash('sha256').update(data).digest('hex');
      expect(
        item.sha256 === sha256,
        `item("${id}"): sha256 is not that of its 8-bit pixels; itemOf makes an item`,
      );
      const again = await dataset.item(id!, SIZE);
      expect(again.sha256 === item.sha256, `item("${id}"): other pixels the second time`);
    },
  },
  {
    name: 'has captions and labels of its pictures where it says that it has any',
    concerns: ({ caption, labels }) => caption !== undefined || labels !== undefined,
    async run(dataset) {
      const [id] = await allIds(dataset);
      const caption = dataset.caption && (await dataset.caption(id!));
      expect(caption === undefined || typeof caption === 'string', `caption("${id}"): expected a text`);
      const map = dataset.labels && (await dataset.labels(id!, SIZE));
      if (!map) return;
      expect(map.data.length === SIZE.height * SIZE.width, `labels("${id}"): expected one for each pixel`);
      const stray = map.data.find((label) => label >= map.classes.length);
      expect(stray === undefined, `labels("${id}"): found ${stray}, expected below ${map.classes.length}`);
    },
  },
  {
    name: 'changes nothing outside of the mask where it says what its pictures would be with other traits',
    concerns: ({ traits }) => traits !== undefined,
    async run(dataset) {
      const traits = dataset.traits!;
      const [id] = await allIds(dataset);
      const own = await traits.of(id!);
      const strange = Object.entries(own).find(([name, value]) => !traits.values[name]?.includes(value));
      expect(!strange, `traits.of("${id}"): found ${strange?.join(': ')}, which is none of its values`);
      const before = await dataset.item(id!, SIZE);
      for (const [name, values] of Object.entries(traits.values))
        for (const value of values) {
          const after = await traits.after(id!, { [name]: value });
          if (typeof after === 'string') continue;
          const called = `traits.edited("${id}", { ${name}: ${value} })`;
          expect(after[name] === value, `${called}: has ${name}: ${after[name]}`);
          const { item: edited, mask } = await traits.edited(id!, { [name]: value }, SIZE);
          expect(mask.length === SIZE.height * SIZE.width, `${called}: expected a mask of each pixel`);
          const stray = edited.image.findIndex(
            (one, i) => one !== before.image[i] && mask[i % mask.length] === 0,
          );
          expect(stray < 0, `${called}: differs at pixel ${stray % mask.length}, where its mask is 0`);
        }
    },
  },
];

async function allIds(dataset: Dataset): Promise<string[]> {
  const splits = await Promise.all(SPLIT_NAMES.map((split) => dataset.ids(split)));
  return splits.flat();
}
