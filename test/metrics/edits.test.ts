/** What edits and generated pictures are judged by beside their truth. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TRAIT_NAMES } from '../../datasets/toyfaces/index.ts';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { preservationMetric } from '../../harness/metrics/kept.ts';
import { psnrMetric } from '../../harness/metrics/psnr.ts';
import { traitAgreementMetric } from '../../harness/metrics/trait-agreement.ts';
import type { OpenTraitMetric } from '../../harness/metrics/traits.ts';
import { type Image8, toImage8 } from '../../harness/pictures/image8.ts';

const size = { height: 64, width: 64 };
const traits = toyfaces.traits!;

async function pictureOf(id: string): Promise<Image8> {
  return toImage8((await toyfaces.item(id, size)).image, [3, 64, 64]);
}

describe('preservation', () => {
  const grey = (values: readonly number[]): Image8 => ({
    ...{ width: values.length, height: 1, channels: 3 },
    data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
  });

  it('is the PSNR over the pixels that were not to change, whatever the others are', () => {
    const truth = grey([10, 20, 30, 40]);
    const mask = [0, 1, 0, 1];
    const kept = preservationMetric.score(grey([11, 255, 33, 0]), truth, mask);
    expect(kept).toBeCloseTo(10 * Math.log10(255 ** 2 / ((1 + 9) / 2)), 10);
    expect(preservationMetric.score(grey([11, 0, 33, 99]), truth, mask)).toBe(kept);
  });

  it('is PSNR where nothing was to change', () => {
    const [result, truth] = [grey([1, 2, 3]), grey([1, 5, 9])];
    expect(preservationMetric.score(result, truth, [0, 0, 0])).toBe(psnrMetric.score(result, truth));
  });

  it('is infinite where all of it has stayed, and where nothing had to', () => {
    const [result, truth] = [grey([1, 2]), grey([1, 5])];
    expect(preservationMetric.score(result, truth, [0, 1])).toBe(Number.POSITIVE_INFINITY);
    expect(preservationMetric.score(result, truth, [1, 1])).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('trait agreement', () => {
  let device: Device;
  let open: OpenTraitMetric;
  beforeAll(async () => {
    device = await openDevice('cpu:1');
    open = await traitAgreementMetric.open({}, device);
  });
  afterAll(async () => {
    open.dispose();
    await device.dispose();
  });

  it('finds the hat that the counterfactual wears, and none on the picture', async () => {
    const ids: string[] = [];
    for (const id of await toyfaces.ids('test')) {
      const own = await traits.of(id);
      if (own.hat === 'none' && typeof (await traits.after(id, { hat: 'red' })) !== 'string') ids.push(id);
      if (ids.length === 8) break;
    }
    const wanted = ids.map(() => ({ hat: 'red' }));
    const edited = await Promise.all(
      ids.map(async (id) =>
        toImage8((await traits.edited(id, { hat: 'red' }, size)).item.image, [3, 64, 64]),
      ),
    );
    expect(await open.scores(edited, wanted)).toEqual(ids.map(() => 1));
    expect(await open.scores(await Promise.all(ids.map(pictureOf)), wanted)).toEqual(ids.map(() => 0));
  });

  it('is the share of the wanted traits that it sees', async () => {
    const id = (await toyfaces.ids('test'))[0]!;
    const own = await traits.of(id);
    const { background, hat } = own;
    const other = traits.values.background!.find((value) => value !== background)!;
    const picture = await pictureOf(id);
    expect(
      await open.scores(
        [picture, picture],
        [
          { background: background!, hat: hat! },
          { background: other, hat: hat! },
        ],
      ),
    ).toEqual([1, 0.5]);
  });

  it('of real pictures with all that their captions say is near 1, and far above that of other captions', async () => {
    const ids = (await toyfaces.ids('test')).slice(0, 40);
    const [pictures, own] = [await Promise.all(ids.map(pictureOf)), await Promise.all(ids.map(traits.of))];
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const agreement = mean(await open.scores(pictures, own));
    // The shares that toy-features/README.md lists have a mean of 0.85 over the twelve traits.
    expect(agreement).toBeGreaterThan(0.8);
    expect(mean(await open.scores(pictures, [...own.slice(1), own[0]!]))).toBeLessThan(0.5);
  });

  it('sees all traits of toyfaces', () => {
    expect(Object.keys(traitAgreementMetric.sees)).toEqual(TRAIT_NAMES);
    expect(traitAgreementMetric.sees).toEqual(traits.values);
  });
});
