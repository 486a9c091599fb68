import { gemm, type Matrix } from './gemm.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

/**
 * Sum of the singular values: of the square roots of the eigenvalues of m m^T, on the shorter side. A singular value s is
 * exact to about 1e-16 largest^2 / s; those below 4e-8 of the largest count as zero.
 */
export async function nuclearNorm(m: Matrix): Promise<number> {
  const wide = m.rows <= m.columns;
  return sumOfRoots(await gemm(m, m, { transA: !wide, transB: wide }));
}

/** Below this part of the largest an eigenvalue is rounding error: of a singular matrix, it would count by its root. */
export const NOISE = 8 * Number.EPSILON;

/** Sum of the square roots of a positive semidefinite matrix's eigenvalues. Its data are overwritten. */
async function sumOfRoots(matrix: Matrix): Promise<number> {
  const values = await symmetricEigenvalues(matrix);
  const least = NOISE * values.reduce((most, value) => Math.max(most, value), 0);
  return values.reduce((sum, value) => (value > least ? sum + Math.sqrt(value) : sum), 0);
}
