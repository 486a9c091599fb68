import { describe, expect, it } from 'vitest';
import { normals } from '../../harness/engine/random.ts';
import { fidMetric } from '../../harness/metrics/fid.ts';
import { fidInfinityMetric, lineAtZero } from '../../harness/metrics/fid-infinity.ts';
import { imageBlocks, jackknifeError } from '../../harness/metrics/jackknife.ts';
import { kidMetric } from '../../harness/metrics/kid.ts';
import { featureSet } from '../../harness/metrics/set-comparison.ts';
import type { FeatureExtractor, FeatureSet, SetMetric } from '../../harness/metrics/set-metric.ts';

const D = 6;
const extractor = { name: 'none' } as FeatureExtractor;
const fid = fidMetric('fid', extractor);
const kid = kidMetric('kid', extractor);

/** `count` images with `seeds` pictures each, features normal around `mean`. */
function features(count: number, { seeds = 1, mean = 0, draw = 0, dimensions = D } = {}): FeatureSet {
  const values = normals({ seed: 0, role: 'sample', image: 'features', draw }, count * seeds * dimensions);
  const images = Array.from(
    { length: count * seeds },
    (_, i) => `image-${String(i % count).padStart(4, '0')}`,
  );
  return featureSet(
    values.map((v) => v + mean),
    dimensions,
    images,
  );
}

function without(set: FeatureSet, left: (image: string) => boolean): FeatureSet {
  return ofRows(
    set,
    [...set.images.keys()].filter((row) => !left(set.images[row]!)),
  );
}

/** These rows alone. */
function ofRows({ read, images, dimensions }: FeatureSet, rows: readonly number[]): FeatureSet {
  return featureSet(
    read(rows),
    dimensions,
    rows.map((row) => images[row]!),
  );
}

describe.each([['fid', fid] as const, ['kid', kid] as const])('%s', (_, metric: SetMetric) => {
  it('is zero in the mean for samples of one distribution and grows with their distance', async () => {
    const reference = features(400, { draw: 1 });
    const at = async (mean: number) =>
      (await metric.score({ generated: features(400, { mean }), reference, paired: false })).value;
    expect(Math.abs(await at(0))).toBeLessThan(0.1 * (await at(0.5)));
    expect(await at(0.5)).toBeLessThan(await at(1));
  });

  it.each([true, false])(
    'leaves out the same images on both sides if the reference is paired: %s',
    async (paired) => {
      const generated = features(30, { seeds: 2, mean: 0.3 });
      const reference = features(30, { draw: 1 });
      const { replicates } = await metric.score({ generated, reference, paired });
      expect(replicates).toHaveLength(20);
      const blocks = imageBlocks(generated.images);
      const left = (image: string) => blocks.of.get(image) === 3;
      const fewer = await metric.score({
        generated: without(generated, left),
        reference: paired ? without(reference, left) : reference,
        paired,
      });
      expect(replicates[3]).toBeCloseTo(fewer.value, 9);
    },
  );

  it('does not depend on the order of the pictures', async () => {
    const generated = features(30, { mean: 0.3 });
    const reference = features(30, { draw: 1 });
    const reversed = ofRows(generated, [...generated.images.keys()].reverse());
    const a = await metric.score({ generated, reference, paired: true });
    const b = await metric.score({ generated: reversed, reference, paired: true });
    expect(b.value).toBeCloseTo(a.value, 10);
    expect(b.standardError).toBeCloseTo(a.standardError!, 10);
  });

  it('has no standard error where leaving an image out leaves one picture', async () => {
    const pair = { generated: features(2), reference: features(2, { draw: 1 }), paired: true };
    const score = await metric.score(pair);
    expect(score).toMatchObject({ standardError: null, replicates: [] });
    expect(Number.isFinite(score.value)).toBe(true);
  });

  it('refuses fewer than two pictures, and features of two networks', async () => {
    const reference = features(9);
    const score = (generated: FeatureSet) => metric.score({ generated, reference, paired: false });
    await expect(score(features(1))).rejects.toThrow(
      `${metric.name}: one picture on the generated side; expected at least 2`,
    );
    await expect(score(features(0))).rejects.toThrow('no picture on the generated side');
    await expect(score(features(9, { dimensions: 7 }))).rejects.toThrow(
      "generated features have 7 values, the reference's 6",
    );
  });
});

describe('fid', () => {
  it('has a standard error that shrinks with the number of images, near the scatter of independent samples', async () => {
    const reference = features(600, { draw: 99 });
    const scores = [];
    for (let draw = 0; draw < 12; draw++)
      scores.push(
        await fid.score({ generated: features(300, { mean: 0.5, draw }), reference, paired: false }),
      );
    const mean = scores.reduce((sum, { value }) => sum + value, 0) / scores.length;
    const scatter = Math.sqrt(
      scores.reduce((sum, s) => sum + (s.value - mean) ** 2, 0) / (scores.length - 1),
    );
    const claimed = scores.reduce((sum, s) => sum + s.standardError!, 0) / scores.length;
    expect(claimed / scatter).toBeGreaterThan(0.5);
    expect(claimed / scatter).toBeLessThan(2);
  });

  it('has its error in the protocol where that may be an expansion: of many features', () => {
    const of = (dimensions: number) => fidMetric('fid', { ...extractor, dimensions }).protocol;
    expect(of(2048)).toEqual({ ...of(64), standardError: expect.stringContaining('second-order') });
  });

  it('warns below 2,048 pictures', async () => {
    const { warnings } = await fid.score({
      generated: features(50),
      reference: features(50, { draw: 1 }),
      paired: true,
    });
    expect(warnings).toEqual([expect.stringContaining('fid of 50 pictures: below 2048')]);
  });
});

describe('fid-infinity', () => {
  const infinity = fidInfinityMetric('fid-infinity', extractor);

  it('is the value at zero of the line through the points', () => {
    expect(lineAtZero([1, 2, 4].map((x) => [x, 7 + 3 * x]))).toBeCloseTo(7, 12);
  });

  it('comes closer to the distance of the distributions than fid does', async () => {
    const [truth, dimensions] = [30 * 0.04, 30];
    const comparison = {
      generated: features(4096, { mean: 0.2, dimensions }),
      reference: features(20_000, { draw: 1, dimensions }),
      paired: false,
    };
    const biased = (await fid.score(comparison)).value;
    expect(Math.abs((await infinity.score(comparison)).value - truth)).toBeLessThan(Math.abs(biased - truth));
  });

  it('refuses what is too few to extrapolate from', async () => {
    const comparison = { generated: features(1000), reference: features(5000), paired: false };
    await expect(infinity.score(comparison)).rejects.toThrow(
      'found 1000 generated pictures and 5000 of the reference; expected at least 4096 and 2048',
    );
  });
});

describe('jackknife', () => {
  it('deals sorted images out in turn, whatever the order and number of their pictures', () => {
    const ids = Array.from({ length: 45 }, (_, i) => `i${String(i).padStart(2, '0')}`);
    const { of, count } = imageBlocks([...ids, ...ids].reverse());
    expect(count).toBe(20);
    expect([of.get('i00'), of.get('i19'), of.get('i20'), of.get('i44')]).toEqual([0, 19, 0, 4]);
  });

  it('gives the standard error of a mean from its leave-one-out means', () => {
    const values = [1, 4, 2, 8, 5];
    const mean = 4;
    const left = values.map((v) => (5 * mean - v) / 4);
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 4;
    expect(jackknifeError(left)).toBeCloseTo(Math.sqrt(variance / 5), 12);
    expect(jackknifeError([3])).toBeNull();
  });
});
