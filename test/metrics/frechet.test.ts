import { describe, expect, it } from 'vitest';
import { normals } from '../../harness/engine/random.ts';
import { type FeatureMatrix, selectRows } from '../../harness/metrics/feature-matrix.ts';
import { frechetDistance, gaussianOf, gaussianOfMoments } from '../../harness/metrics/frechet.ts';
import { frechetReplicates } from '../../harness/metrics/frechet-replicates.ts';

function features(rows: number, columns: number, draw: number, mean = 0): FeatureMatrix {
  const values = normals({ seed: 0, role: 'sample', image: 'frechet', draw }, rows * columns);
  return { rows, columns, data: values.map((v) => v + mean) };
}

const diagonal = (...values: number[]) => ({
  rows: values.length,
  columns: values.length,
  data: Float64Array.from({ length: values.length ** 2 }, (_, i) =>
    i % (values.length + 1) === 0 ? values[i / (values.length + 1)]! : 0,
  ),
});

describe('frechetDistance', () => {
  it('of axis-parallel Gaussians is the squared distance of means and standard deviations', async () => {
    const a = await gaussianOfMoments({ mean: Float64Array.of(1, 2), covariance: diagonal(4, 9) });
    const b = await gaussianOfMoments({ mean: Float64Array.of(4, 2), covariance: diagonal(1, 0) });
    expect(await frechetDistance(a, b)).toBeCloseTo(9 + 1 + 9, 12);
    expect(await frechetDistance(b, a)).toBeCloseTo(9 + 1 + 9, 12);
  });

  it.each([
    ['more rows than columns', 40, 5],
    ['fewer', 12, 30],
  ])('of a set with itself is zero: %s', async (_, rows, columns) => {
    const set = await gaussianOf(features(rows, columns, 0));
    expect(Math.abs(await frechetDistance(set, set))).toBeLessThan(1e-6 * set.trace);
  });

  it('takes sets of either kind together', async () => {
    const [few, many] = [features(10, 16, 0), features(60, 16, 1, 0.5)];
    const doubled = selectRows(
      few,
      [...Array(20).keys()].map((i) => i % 10),
    );
    // Twice the same rows have the same moments where the covariance is divided by their number.
    const [a, b, other] = [await gaussianOf(few, 0), await gaussianOf(doubled, 0), await gaussianOf(many)];
    expect(await frechetDistance(b, other)).toBeCloseTo(await frechetDistance(a, other), 6);
  });
});

describe('frechetReplicates', () => {
  const selections = [
    { a: null, b: null },
    { a: [0, 2, 3, 4, 5, 6, 7, 8, 9, 11], b: [1, 3, 5, 7, 9, 11, 12] },
    { a: [11, 4, 7], b: null },
    { a: null, b: [3, 4] },
  ];

  // 40 columns: from inner products computed once; 6: each selection for itself.
  it.each([40, 6])('gives the distance of the rows of each selection, %i columns', async (columns) => {
    const [a, b] = [features(12, columns, 0, 3), features(13, columns, 1, -2)];
    const values = await frechetReplicates(a, b, selections);
    for (const [i, kept] of selections.entries()) {
      const side = (rows: FeatureMatrix, indices: number[] | null) =>
        gaussianOf(indices ? selectRows(rows, indices) : rows);
      const expected = await frechetDistance(await side(a, kept.a), await side(b, kept.b));
      expect(values[i]! / expected).toBeCloseTo(1, 8);
    }
  });
});
