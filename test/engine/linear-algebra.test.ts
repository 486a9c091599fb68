import { describe, expect, it } from 'vitest';
import { gemm, type Matrix } from '../../harness/engine/linear-algebra/gemm.ts';
import { nuclearNorm } from '../../harness/engine/linear-algebra/nuclear-norm.ts';
import { pivotedCholesky } from '../../harness/engine/linear-algebra/pivoted-cholesky.ts';
import { symmetricEigenvalues } from '../../harness/engine/linear-algebra/symmetric-eigenvalues.ts';
import { symmetricEigenvectors } from '../../harness/engine/linear-algebra/symmetric-eigenvectors.ts';
import { tridiagonalEigen } from '../../harness/engine/linear-algebra/tridiagonal-vectors.ts';
import { normals } from '../../harness/engine/random.ts';
import { symmetricEigen } from '../../harness/operators/symmetric-eigen.ts';

function random(rows: number, columns: number, draw = 0): Matrix {
  const values = normals({ seed: 0, role: 'sample', image: 'linear algebra', draw }, rows * columns);
  return { rows, columns, data: Float64Array.from(values) };
}

function matrix(...rows: number[][]): Matrix {
  return { rows: rows.length, columns: rows[0]!.length, data: Float64Array.from(rows.flat()) };
}

/** a^T a */
const square = (a: Matrix) => gemm(a, a, { transA: true });

function expectMatrix(actual: Matrix, expected: Matrix, digits = 12): void {
  expect([actual.rows, actual.columns]).toEqual([expected.rows, expected.columns]);
  expected.data.forEach((value, i) => {
    expect(actual.data[i]).toBeCloseTo(value, digits);
  });
}

describe('gemm', () => {
  const a = matrix([1, 2, 3], [4, 5, 6]);
  const b = matrix([1, 0, 2], [0, 1, 1]);

  it('multiplies, with either factor transposed', async () => {
    expectMatrix(await gemm(a, b, { transB: true }), matrix([7, 5], [16, 11]));
    expectMatrix(await gemm(a, b, { transA: true }), matrix([1, 4, 6], [2, 5, 9], [3, 6, 12]));
  });

  it('adds to a matrix or subtracts from it, into memory that is there', async () => {
    const plus = matrix([100, 100], [100, 100]);
    const into = new Float64Array(4);
    expectMatrix(await gemm(a, b, { transB: true, plus }), matrix([107, 105], [116, 111]));
    const difference = await gemm(a, b, { transB: true, negate: true, plus, into });
    expectMatrix(difference, matrix([93, 95], [84, 89]));
    expect(difference.data).toBe(into);
  });

  it('keeps double precision', async () => {
    const tiny = matrix([1, 2 ** -40]);
    expect((await gemm(tiny, tiny, { transB: true })).data[0]).toBe(1 + 2 ** -80);
    expect((await gemm(tiny, matrix([1, 1]), { transB: true })).data[0]).toBe(1 + 2 ** -40);
  });

  it('refuses factors that do not fit', async () => {
    await expect(gemm(a, b)).rejects.toThrow('3 columns meet 2 rows');
  });
});

describe('symmetricEigenvalues', () => {
  // 15, 16 and 17 lie around the width of a panel; 1 and 2 leave nothing to reduce.
  it.each([1, 2, 3, 15, 16, 17, 70])('gives those of the plain method, n = %i', async (n) => {
    const m = await square(random(n, n));
    const expected = symmetricEigen(m).values.sort();
    const found = (await symmetricEigenvalues(m)).sort();
    found.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-13 * expected[n - 1]!);
    });
  });

  it('of a diagonal, a zero and a repeated-eigenvalue matrix', async () => {
    const diagonal = await symmetricEigenvalues(matrix([3, 0, 0], [0, -1, 0], [0, 0, 2]));
    expect([...diagonal].sort((x, y) => x - y)).toEqual([-1, 2, 3]);
    expect([...(await symmetricEigenvalues(matrix([0, 0], [0, 0])))]).toEqual([0, 0]);
    const ones = await symmetricEigenvalues({ rows: 40, columns: 40, data: new Float64Array(1600).fill(1) });
    expect(Math.max(...ones)).toBeCloseTo(40, 12);
    expect([...ones].filter((value) => Math.abs(value) < 1e-13)).toHaveLength(39);
  });
});

describe('symmetricEigenvectors', () => {
  // From 33 on by halves, from 65 on by quarters.
  it.each([1, 2, 15, 16, 17, 18, 33, 70, 150])(
    'gives a basis in which the matrix is diagonal, n = %i',
    async (n) => {
      const m = await square(random(n + 2, n));
      const largest = m.data.reduce((most, value) => Math.max(most, value), 0);
      const { values, vectors } = await symmetricEigenvectors({ ...m, data: m.data.slice() });
      const sorted = (await symmetricEigenvalues({ ...m, data: m.data.slice() })).sort();
      values
        .slice()
        .sort()
        .forEach((value, i) => {
          expect(Math.abs(value - sorted[i]!)).toBeLessThan(1e-13 * sorted[n - 1]!);
        });
      const identity = await gemm(vectors, vectors, { transB: true });
      const diagonal = await gemm(await gemm(vectors, m), vectors, { transB: true });
      for (let i = 0; i < n; i++)
        for (let j = 0; j < n; j++) {
          expect(identity.data[i * n + j]).toBeCloseTo(i === j ? 1 : 0, 12);
          expect(diagonal.data[i * n + j]! / largest).toBeCloseTo(i === j ? values[i]! / largest : 0, 12);
        }
    },
  );

  // Nothing, all or much of the halves' eigenvalues stay as they are when the halves are joined.
  it.each([
    ['of ones on both sides of a zero diagonal', () => 0, () => 1],
    [
      'Wilkinson, whose largest values come in pairs that agree to 14 digits',
      (i: number) => Math.abs(i - 50),
      () => 1,
    ],
    ['graded over 30 orders of magnitude', (i: number) => 2 ** -i, (i: number) => 2 ** -i / 3],
    ['of equal blocks that nothing joins', (i: number) => i % 4, (i: number) => (i % 4 === 3 ? 0 : 1)],
    ['whose halves are joined by a negative number', (i: number) => i % 7, () => -2],
    ['diagonal, with every value twice', (i: number) => i >> 1, () => 0],
  ])('of a tridiagonal matrix %s', async (_, diagonal, beside) => {
    const n = 101;
    const data = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      data[i * n + i] = diagonal(i);
      if (i + 1 < n) data[i * n + i + 1] = data[(i + 1) * n + i] = beside(i);
    }
    const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const { values, vectors } = await tridiagonalEigen(
      Float64Array.from({ length: n }, (_, i) => diagonal(i)),
      Float64Array.from({ length: n }, (_, i) => (i + 1 < n ? beside(i) : 0)),
    );
    const identity = await gemm(vectors, vectors, { transB: true });
    const along = await gemm(vectors, { rows: n, columns: n, data });
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        expect(Math.abs(identity.data[i * n + j]! - (i === j ? 1 : 0))).toBeLessThan(1e-14 * n);
        const residual = along.data[i * n + j]! - values[i]! * vectors.data[i * n + j]!;
        expect(Math.abs(residual)).toBeLessThan(1e-15 * n * largest);
      }
  });

  it('of a matrix that is diagonal already, with a zero and a value twice', async () => {
    const m = matrix([2, 0, 0], [0, 2, 0], [0, 0, 0]);
    const { values, vectors } = await symmetricEigenvectors({ ...m, data: m.data.slice() });
    expect([...values].sort()).toEqual([0, 2, 2]);
    expectMatrix(await gemm(vectors, vectors, { transB: true }), matrix([1, 0, 0], [0, 1, 0], [0, 0, 1]));
  });
});

describe('pivotedCholesky', () => {
  it.each([1, 5, 32, 33, 70])('gives a factor of a positive definite matrix, n = %i', async (n) => {
    const m = await square(random(n + 3, n));
    const factor = await pivotedCholesky(m);
    expect(factor.rows).toBe(n);
    expectMatrix(await square(factor), m, 10);
  });

  it.each([3, 32, 40])('finds that a singular matrix has rank %i', async (rank) => {
    const m = await square(random(rank, 64));
    const factor = await pivotedCholesky(m);
    expect(factor.rows).toBe(rank);
    expectMatrix(await square(factor), m, 10);
  });

  it('leaves its argument as it was; zero has no rows', async () => {
    const m = await square(random(50, 50));
    const copy = m.data.slice();
    await pivotedCholesky(m);
    expect(m.data).toEqual(copy);
    expect((await pivotedCholesky(matrix([0, 0], [0, 0]))).rows).toBe(0);
  });
});

describe('nuclearNorm', () => {
  it('is the sum of the singular values, wide and tall', async () => {
    const m = matrix([3, 0, 0], [0, -4, 0]);
    expect(await nuclearNorm(m)).toBeCloseTo(7, 12);
    expect(await nuclearNorm(matrix([3, 0], [0, -4], [0, 0]))).toBeCloseTo(7, 12);
  });

  it('does not change when rows are rotated', async () => {
    const m = random(20, 45);
    const rotation = symmetricEigen(
      await gemm(random(20, 20, 1), random(20, 20, 1), { transB: true }),
    ).vectors;
    expect(await nuclearNorm(await gemm(rotation, m))).toBeCloseTo(await nuclearNorm(m), 9);
  });
});
