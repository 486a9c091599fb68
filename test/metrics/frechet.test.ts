import { describe, expect, it } from 'vitest';
import { normals } from '../../harness/engine/random.ts';
import {
  type FeatureMatrix,
  type FeatureRows,
  inMemory,
  PIECE,
  selectRows,
} from '../../harness/metrics/feature-matrix.ts';
import { frechetDistance, gaussianOf, gaussianOfMoments } from '../../harness/metrics/frechet.ts';
import { FrechetExpansion } from '../../harness/metrics/frechet-expansion.ts';
import { frechetReplicates, isExpanded, type LeftRows } from '../../harness/metrics/frechet-replicates.ts';
import { jackknifeError } from '../../harness/metrics/jackknife.ts';
import { momentsOf } from '../../harness/metrics/moments.ts';

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

const rowsWithout = (rows: FeatureMatrix, left: readonly number[]) =>
  selectRows(
    rows,
    [...Array(rows.rows).keys()].filter((i) => !left.includes(i)),
  );

const distanceWithout = async (a: FeatureMatrix, b: FeatureMatrix, left: LeftRows) =>
  frechetDistance(await gaussianOf(rowsWithout(a, left.a)), await gaussianOf(rowsWithout(b, left.b)));

describe('frechetReplicates', () => {
  const left = [
    { a: [1, 10], b: [0, 2, 4, 6, 8, 10] },
    { a: [0, 1, 2, 3, 5, 6, 8, 9, 10], b: [] },
    { a: [], b: [0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12] },
  ];

  // 40 columns: from inner products computed once; 6: from moments, less those of the rows that go, as long as more stay.
  it.each([40, 6])('gives the distance of the rows that stay, %i columns', async (columns) => {
    const [a, b] = [features(12, columns, 0, 3), features(13, columns, 1, -2)];
    const { value, replicates } = await frechetReplicates(inMemory(a), inMemory(b), left);
    expect(value / (await frechetDistance(await gaussianOf(a), await gaussianOf(b)))).toBeCloseTo(1, 8);
    for (const [i, rows] of left.entries())
      expect(replicates[i]! / (await distanceWithout(a, b, rows))).toBeCloseTo(1, 8);
  });

  it('reads no more rows at once than there are columns, or a piece', async () => {
    const [few, many] = [features(30, 40, 0), features(2 * PIECE + 5, 8, 1)];
    const asked: number[] = [];
    const counted = (matrix: FeatureMatrix): FeatureRows => ({
      ...inMemory(matrix),
      read(indices) {
        asked.push(indices.length);
        return selectRows(matrix, indices);
      },
    });
    await frechetReplicates(counted(few), counted(few), [{ a: [1], b: [1] }]);
    expect(Math.max(...asked)).toBe(30);
    asked.length = 0;
    await frechetReplicates(counted(many), counted(many), [{ a: [1, 2], b: [1, 2] }]);
    expect(Math.max(...asked)).toBe(PIECE);
  });
});

describe('isExpanded', () => {
  const [both, one] = [[{ a: [0], b: [0] }], [{ a: [0], b: [] }]];
  const inception = (rows: number) => ({ rows, columns: 2048 });

  it('from four rows a feature on, on each side that loses some', () => {
    expect(isExpanded(inception(8192), inception(8192), both)).toBe(true);
    expect(isExpanded(inception(8191), inception(8192), both)).toBe(false);
    expect(isExpanded(inception(8192), inception(1000), both)).toBe(false);
    expect(isExpanded(inception(8192), inception(1000), one)).toBe(true);
    expect(isExpanded(inception(1000), inception(50_000), one)).toBe(false);
  });

  it('not where there are no replicates, nor of few features, whose decompositions take no time', () => {
    expect(isExpanded(inception(8192), inception(8192), [])).toBe(false);
    expect(isExpanded({ rows: 9000, columns: 64 }, { rows: 9000, columns: 64 }, both)).toBe(false);
  });
});

describe('FrechetExpansion', () => {
  const wholeSet = async (rows: FeatureMatrix) => ({
    features: inMemory(rows),
    moments: await momentsOf(rows.columns, [rows]),
  });
  /** Variances that fall as 1 / number ** fall, as those of Inception's features do or slower. */
  const falling = (count: number, columns: number, draw: number, fall: number, above?: number) => {
    const { data } = features(count, columns, draw);
    const seen = above === undefined ? data : data.map((value) => Math.max(0, value - above));
    return seen.map((value, i) => value * ((i % columns) + 1) ** (-fall / 2));
  };
  const blocks = (count: number) =>
    Array.from({ length: 20 }, (_, block) => [...Array(count).keys()].filter((i) => i % 20 === block));

  it.each([
    { perFeature: 4, fall: 0.5, paired: true, within: 0.1 },
    { perFeature: 4, fall: 1, paired: true, within: 0.05 },
    { perFeature: 4, fall: 1, paired: false, within: 0.05 },
    { perFeature: 10, fall: 0.5, paired: true, within: 0.02 },
    { perFeature: 10, fall: 1, paired: true, within: 0.02 },
    { perFeature: 10, fall: 1, paired: false, within: 0.02 },
    // Features that one picture in forty has.
    { perFeature: 4, fall: 0.5, paired: true, within: 0.2, above: 2 },
    { perFeature: 10, fall: 0.5, paired: true, within: 0.1, above: 2 },
  ])(
    "gives the jackknife's error to $within of it: $perFeature rows a feature, variances falling by $fall, paired $paired, above $above",
    async ({ perFeature, fall, paired, within, above }) => {
      const columns = 40;
      const rows = perFeature * columns;
      const [x, y] = [falling(rows, columns, 0, fall, above), falling(rows, columns, 1, fall, above)];
      const a = { rows, columns, data: x };
      // As restorations are of their truths: the same but for a part.
      const b = {
        rows,
        columns,
        data: y.map((value, i) => (paired ? 0.8 * x[i]! + 0.6 * value : 1.2 * value) + 0.05),
      };
      const expansion = await FrechetExpansion.of(await wholeSet(a), await wholeSet(b));
      expect(expansion.value / (await distanceWithout(a, b, { a: [], b: [] }))).toBeCloseTo(1, 8);
      const [found, exact]: [number[], number[]] = [[], []];
      for (const block of blocks(rows)) {
        const left = { a: block, b: paired ? block : [] };
        found.push(await expansion.without(left));
        exact.push(await distanceWithout(a, b, left));
      }
      expect(Math.abs(jackknifeError(found)! / jackknifeError(exact)! - 1)).toBeLessThan(within);
    },
  );

  it('differs from the distance by the third order of what goes', async () => {
    const [a, b] = [features(400, 10, 0), features(400, 10, 1, 0.3)];
    const expansion = await FrechetExpansion.of(await wholeSet(a), await wholeSet(b));
    const off = async (count: number) => {
      const left = { a: [...Array(count).keys()], b: [] };
      return Math.abs((await expansion.without(left)) - (await distanceWithout(a, b, left)));
    };
    expect(await off(0)).toBeLessThan(1e-12);
    expect(await off(1)).toBeLessThan(1e-6);
    expect((await off(40)) / (await off(10))).toBeLessThan(200);
  });

  it('takes features that never vary, on one side or on both', async () => {
    const rows = 200;
    const constant = (draw: number, still: readonly number[]) => {
      const { data } = features(rows, 12, draw);
      return { rows, columns: 12, data: data.map((value, i) => (still.includes(i % 12) ? 1 : value)) };
    };
    const [a, b] = [constant(0, [3, 7]), constant(1, [7])];
    const expansion = await FrechetExpansion.of(await wholeSet(a), await wholeSet(b));
    const left = { a: [1, 2, 3], b: [1, 2, 3] };
    expect((await expansion.without(left)) / (await distanceWithout(a, b, left))).toBeCloseTo(1, 3);
  });
});

describe('RunningMoments', () => {
  it('are those of all rows, in any pieces, far from zero too', async () => {
    const all = features(90, 5, 0, 1e6);
    const piece = (start: number, end: number) => selectRows(all, [...Array(90).keys()].slice(start, end));
    const whole = (await momentsOf(5, [all])).moments();
    const pieces = (await momentsOf(5, [piece(0, 1), piece(1, 40), piece(40, 40), piece(40, 90)])).moments();
    for (const [j, value] of whole.mean.entries()) expect(pieces.mean[j]! / value).toBeCloseTo(1, 12);
    for (const [i, value] of whole.covariance.data.entries())
      expect(pieces.covariance.data[i]).toBeCloseTo(value, 6);
  });

  it('are those of the rows that stay when a part of them goes', async () => {
    const all = features(90, 5, 0, 10);
    const part = [0, 3, 17, 80];
    const stay = (await momentsOf(5, [rowsWithout(all, part)])).moments();
    const found = (await momentsOf(5, [all])).without(await momentsOf(5, [selectRows(all, part)]));
    for (const [j, value] of stay.mean.entries()) expect(found.mean[j]).toBeCloseTo(value, 10);
    for (const [i, value] of stay.covariance.data.entries())
      expect(found.covariance.data[i]).toBeCloseTo(value, 10);
  });
});
