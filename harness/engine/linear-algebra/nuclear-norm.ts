import { gemm, type Matrix } from './gemm.ts';
import { symmetricEigenvalues } from './symmetric-eigenvalues.ts';

/**
 * Sum of the singular values: of the square roots of the eigenvalues of m m^T, on the shorter side. A singular value s is
 * exact to about 1e-16 largest^2 / s, so that those below 1e-8 of the largest are uncertain, and only those.
 */
export async function nuclearNorm(m: Matrix): Promise<number> {
  const wide = m.rows <= m.columns;
  return sumOfRoots(await gemm(m, m, { transA: !wide, transB: wide }));
}

/** Sum of the square roots of a positive semidefinite matrix's eigenvalues. Its data are overwritten. */
export async function sumOfRoots(matrix: Matrix): Promise<number> {
  return (await symmetricEigenvalues(matrix)).reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
}
