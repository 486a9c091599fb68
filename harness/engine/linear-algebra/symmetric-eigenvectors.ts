import { gemm, type Matrix } from './gemm.ts';
import { tridiagonalise } from './symmetric-eigenvalues.ts';
import { type SymmetricEigen, tridiagonalEigen } from './tridiagonal-vectors.ts';

/** Of a large symmetric matrix; its data are overwritten. */
export async function symmetricEigenvectors(matrix: Matrix): Promise<SymmetricEigen> {
  const n = matrix.rows;
  const panels: { v: readonly Float64Array[]; at: number }[] = [];
  const { diagonal, offDiagonal } = await tridiagonalise(matrix, (v, at) => panels.push({ v, at }));
  const { values, vectors } = await tridiagonalEigen(diagonal, offDiagonal);
  let columns = transposed(vectors.data, n);
  let spare = columns.slice();
  for (const { v, at } of panels.reverse()) {
    if (v.length === 0) continue;
    await reflect(columns, spare, n, v, at);
    [columns, spare] = [spare, columns];
    // What lies above this panel is as it was.
    columns.set(spare.subarray(0, at * n));
  }
  return { values, vectors: { rows: n, columns: n, data: transposed(columns, n) } };
}

/**
 * Writes H_0 H_1 ... Z of a panel's reflections H = I - scale v v^T, which is Z - V^T T V Z (Schreiber and Van Loan 1989, A
 * storage-efficient WY representation for products of Householder transformations). Only rows from `at` on change.
 */
async function reflect(
  from: Float64Array,
  to: Float64Array,
  n: number,
  v: readonly Float64Array[],
  at: number,
): Promise<void> {
  const size = n - at;
  const stacked: Matrix = { rows: v.length, columns: size, data: new Float64Array(v.length * size) };
  for (const [i, row] of v.entries()) stacked.data.set(row, i * size);
  const z: Matrix = { rows: size, columns: n, data: from.subarray(at * n) };
  const along = await gemm(compactT(v), await gemm(stacked, z));
  await gemm(stacked, along, { transA: true, negate: true, plus: z, into: to.subarray(at * n) });
}

/** Upper triangular T of the compact form. */
function compactT(v: readonly Float64Array[]): Matrix {
  const k = v.length;
  const t = new Float64Array(k * k);
  for (const [j, vector] of v.entries()) {
    const squares = dot(vector, vector);
    const scale = squares === 0 ? 0 : 2 / squares;
    t[j * k + j] = scale;
    const overlaps = v.slice(0, j).map((earlier) => dot(earlier, vector));
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let l = i; l < j; l++) sum += t[i * k + l]! * overlaps[l]!;
      t[i * k + j] = -scale * sum;
    }
  }
  return { rows: k, columns: k, data: t };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Of a square matrix, tile by tile: whole columns would miss the cache at each step. */
function transposed(data: Float64Array, n: number) {
  const result = new Float64Array(n * n);
  const tile = 32;
  for (let i0 = 0; i0 < n; i0 += tile)
    for (let j0 = 0; j0 < n; j0 += tile)
      for (let i = i0; i < Math.min(n, i0 + tile); i++)
        for (let j = j0; j < Math.min(n, j0 + tile); j++) result[j * n + i] = data[i * n + j]!;
  return result;
}
