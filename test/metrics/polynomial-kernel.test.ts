import { expect, it } from 'vitest';
import { normals } from '../../harness/engine/random.ts';
import { type FeatureMatrix, inMemory, selectRows } from '../../harness/metrics/feature-matrix.ts';
import { groupedKernelSums, kernelSums, mmd2, TILE } from '../../harness/metrics/polynomial-kernel.ts';

const kernel = { degree: 3, gamma: null, coef0: 1 };

function features(rows: number, draw: number): FeatureMatrix {
  const data = normals({ seed: 0, role: 'sample', image: 'kernel', draw }, 2 * rows);
  return { rows, columns: 2, data };
}

/** Over all pairs, one by one. */
function plainSum(x: FeatureMatrix, y: FeatureMatrix): number {
  let sum = 0;
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < y.rows; j++) {
      const product = x.data[2 * i]! * y.data[2 * j]! + x.data[2 * i + 1]! * y.data[2 * j + 1]!;
      sum += (product / 2 + 1) ** 3;
    }
  return sum;
}

it('sums over all pairs, of more rows than are in memory at once', async () => {
  const [x, y] = [features(TILE + 30, 0), features(700, 1)];
  const { xx, yy, xy } = await kernelSums(x, y, kernel);
  expect(xx / plainSum(x, x)).toBeCloseTo(1, 10);
  expect(yy / plainSum(y, y)).toBeCloseTo(1, 10);
  expect(xy / plainSum(x, y)).toBeCloseTo(1, 10);
});

it('leaves a group out that lies in two tiles', async () => {
  const [x, y] = [features(TILE + 30, 0), features(50, 1)];
  const goes = (row: number) => row % 7 === 3;
  const groups = Int32Array.from({ length: x.rows }, (_, row) => Number(goes(row)));
  const sums = await groupedKernelSums(
    { rows: inMemory(x), groupOf: groups },
    { rows: inMemory(y), groupOf: new Int32Array(50) },
    2,
    kernel,
  );
  const stay = selectRows(
    x,
    [...groups.keys()].filter((row) => !goes(row)),
  );
  expect(mmd2(sums.without(1))).toBeCloseTo(mmd2(await kernelSums(stay, y, kernel)), 9);
});
