import { gemm, type Matrix } from './gemm.ts';
import { NOISE } from './nuclear-norm.ts';
import { symmetricEigenvectors } from './symmetric-eigenvectors.ts';

/** m = left^T diag(values) right, of those values that are no rounding errors. */
export interface SingularVectors {
  /** r of them, in no order; their sum is the nuclear norm. */
  readonly values: Float64Array;
  /** [r, rows of m] and [r, columns of m], orthonormal rows. */
  readonly left: Matrix;
  readonly right: Matrix;
}

/**
 * From the eigenvectors of m m^T, on the shorter side. Vectors of a value s have errors of 1e-16 (largest / s)^2 along
 * others, which is harmless where they are weighted by values.
 */
export async function singularVectors(m: Matrix): Promise<SingularVectors> {
  const wide = m.rows <= m.columns;
  const { values: squares, vectors } = await symmetricEigenvectors(
    await gemm(m, m, { transA: !wide, transB: wide }),
  );
  const least = NOISE * squares.reduce((most, value) => Math.max(most, value), 0);
  const kept = [...squares.keys()].filter((i) => squares[i]! > least);
  const values = Float64Array.from(kept, (i) => Math.sqrt(squares[i]!));
  const n = vectors.columns;
  const short: Matrix = { rows: kept.length, columns: n, data: new Float64Array(kept.length * n) };
  for (const [at, i] of kept.entries()) short.data.set(vectors.data.subarray(i * n, (i + 1) * n), at * n);
  const long = await gemm(short, m, { transB: !wide });
  for (let i = 0; i < long.data.length; i++) long.data[i]! /= values[Math.floor(i / long.columns)]!;
  return { values, left: wide ? short : long, right: wide ? long : short };
}
