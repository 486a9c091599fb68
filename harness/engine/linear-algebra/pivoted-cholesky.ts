import { gemm, type Matrix } from './gemm.ts';

/** Columns that are factored before the rest of the matrix is brought up to date. */
const BLOCK = 32;

/**
 * F [rank, n] with F^T F = the symmetric positive semidefinite matrix, by Cholesky's method with complete pivoting
 * (Higham, Accuracy and Stability of Numerical Algorithms, section 10.3; LAPACK's dpstrf). It ends where the largest
 * pivot left is n machine epsilons of the first: what remains is rounding error, so a singular matrix gives fewer rows.
 */
export async function pivotedCholesky(matrix: Matrix): Promise<Matrix> {
  const n = matrix.rows;
  let rest = matrix;
  let spare = new Float64Array(n * n);
  let behind = new Float64Array(n * n);
  const factor = new Float64Array(n * n);
  const left = new Float64Array(n);
  for (let i = 0; i < n; i++) left[i] = rest.data[i * n + i]!;
  const stop = n * Number.EPSILON * left.reduce((most, x) => Math.max(most, x), 0);
  let rank = 0;
  while (rank < n) {
    const begun = rank;
    for (; rank < Math.min(n, begun + BLOCK); rank++) {
      const pivot = indexOfLargest(left);
      if (left[pivot]! <= stop) break;
      const row = factor.subarray(rank * n, (rank + 1) * n);
      row.set(rest.data.subarray(pivot * n, (pivot + 1) * n));
      for (let k = begun; k < rank; k++) {
        const before = factor.subarray(k * n, (k + 1) * n);
        const multiple = before[pivot]!;
        for (let i = 0; i < n; i++) row[i]! -= multiple * before[i]!;
      }
      const root = Math.sqrt(left[pivot]!);
      for (let i = 0; i < n; i++) row[i] = left[i] === DONE ? 0 : row[i]! / root;
      row[pivot] = root;
      for (let i = 0; i < n; i++) if (left[i] !== DONE) left[i]! -= row[i]! ** 2;
      left[pivot] = DONE;
    }
    if (rank < begun + BLOCK) break;
    const rows = { rows: BLOCK, columns: n, data: factor.subarray(begun * n, rank * n) };
    rest = await gemm(rows, rows, { transA: true, negate: true, plus: rest, into: spare });
    [spare, behind] = [behind, spare];
  }
  return { rows: rank, columns: n, data: factor.slice(0, rank * n) };
}

/** In place of what is left on the diagonal: this row has been a pivot. */
const DONE = Number.NEGATIVE_INFINITY;

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
