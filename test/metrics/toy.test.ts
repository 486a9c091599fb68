import { describe, expect, it } from 'vitest';
import { toyfaces } from '../../harness/data/toyfaces.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { frechetDistance, gaussianOf } from '../../harness/metrics/frechet.ts';
import { featureSet } from '../../harness/metrics/set-comparison.ts';
import type { FeatureSet } from '../../harness/metrics/set-metric.ts';
import { fidToy, lpipsToy } from '../../harness/metrics/toy.ts';
import type { Image8 } from '../../harness/pictures/image8.ts';
import { toImage8 } from '../../harness/pictures/image8.ts';

const device = await openDevice('cpu:1');

async function faces(count: number): Promise<Image8[]> {
  const ids = (await toyfaces.ids('test')).slice(0, count);
  const size = { height: 64, width: 64 };
  const items = await Promise.all(ids.map((id) => toyfaces.item(id, size)));
  return items.map(({ image }) => toImage8(image, [3, 64, 64]));
}

/** Each value moved by noise of this size, the same noise at every size. */
function noisy(image: Image8, size: number): Image8 {
  const data = image.data.map((value, i) =>
    Math.min(255, Math.max(0, value + size * Math.sin(12.9898 * (i + 1) ** 2))),
  );
  return { ...image, data };
}

describe('LPIPS-toy', () => {
  const scores = async (restored: Image8[], truths: Image8[]) => {
    const network = await lpipsToy.open({}, device);
    const values = await network.scores(restored, truths);
    network.dispose();
    return values;
  };

  it('is 0 for equal pictures, symmetric, and grows with what is wrong', async () => {
    const [face] = (await faces(1)) as [Image8];
    const levels = [0, 8, 24, 72].map((size) => noisy(face, size));
    const values = await scores(
      levels,
      levels.map(() => face),
    );
    expect(values[0]).toBe(0);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(new Set(values).size).toBe(4);
    const [back] = await scores([face], [levels[2]!]);
    expect(back).toBeCloseTo(values[2]!, 6);
  });

  it('takes pairs of several sizes, each as if alone', async () => {
    const [face] = (await faces(1)) as [Image8];
    const small: Image8 = { width: 32, height: 32, channels: 3, data: face.data.slice(0, 32 * 32 * 3) };
    const pairs = [face, small, face].map((image) => [noisy(image, 20), image] as const);
    const together = await scores(
      pairs.map(([a]) => a),
      pairs.map(([, b]) => b),
    );
    for (const [i, [a, b]] of pairs.entries())
      expect(together[i]).toBeCloseTo((await scores([a], [b]))[0]!, 6);
  });

  it('says in its protocol that it is a toy, and by which weights', () => {
    expect(lpipsToy.protocol({})).toMatchObject({
      toy: true,
      weights: expect.stringMatching(/^sha256 [0-9a-f]{64}$/),
    });
  });
});

describe('FID-toy', () => {
  it("is the Fréchet distance of the network's means, 0 for equal sets", async () => {
    const truths = await faces(6);
    const network = await fidToy.extractor.open({}, device);
    const rows = async (images: Image8[]) =>
      featureSet(
        await network.features(images),
        fidToy.extractor.dimensions,
        images.map((_, i) => `test/${i}`),
      );
    const reference = await rows(truths);
    const generated = await rows(truths.map((image) => noisy(image, 40)));
    network.dispose();
    const all = [0, 1, 2, 3, 4, 5];
    expect(reference.read(all)).toHaveLength(6 * 64);

    const same = await fidToy.score({ generated: reference, reference, paired: true });
    const { value, standardError, replicates, warnings } = await fidToy.score({
      generated,
      reference,
      paired: true,
    });
    const matrix = ({ read }: FeatureSet) => gaussianOf({ rows: 6, columns: 64, data: read(all) });
    expect(value).toBeCloseTo(await frechetDistance(await matrix(generated), await matrix(reference)), 8);
    expect(value).toBeGreaterThan(1);
    expect(Math.abs(same.value)).toBeLessThan(1e-6 * value);
    expect(replicates).toHaveLength(6);
    expect(standardError).toBeGreaterThan(0);
    expect(warnings).toEqual([expect.stringContaining('fid-toy of 6 pictures: below 2048')]);
  });
});
