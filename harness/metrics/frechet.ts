import { gemm, type Matrix } from '../engine/linear-algebra/gemm.ts';
import { nuclearNorm } from '../engine/linear-algebra/nuclear-norm.ts';
import { pivotedCholesky } from '../engine/linear-algebra/pivoted-cholesky.ts';
import { type FeatureMatrix, type FeatureRows, inMemory, piecesOf, readAll } from './feature-matrix.ts';
import { centred, type Moments, meanOf, momentsOf } from './moments.ts';

/** A set of features as the distance needs it. */
export interface Gaussian {
  readonly mean: Float64Array;
  /** Of the covariance. */
  readonly trace: number;
  /** F [r,d] with F^T F = covariance. */
  readonly factor: Matrix;
}

/**
 * Fréchet distance of two Gaussians, |mean difference|^2 + tr S1 + tr S2 - 2 tr (S1 S2)^(1/2) (Heusel et al., GANs
 * trained by a two time-scale update rule, section 4). The last trace is the nuclear norm of F1 F2^T for any factors F of
 * the covariances: no square root of a matrix, nothing complex, nothing to regularise.
 */
export async function frechetDistance(a: Gaussian, b: Gaussian): Promise<number> {
  const overlap = await nuclearNorm(await gemm(a.factor, b.factor, { transB: true }));
  return squaredDistance(a.mean, b.mean) + a.trace + b.trace - 2 * overlap;
}

export function squaredDistance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0);
}

/** The Gaussian of a set of features; the covariance is divided by rows - ddof. */
export function gaussianOf(features: FeatureMatrix, ddof = 1): Promise<Gaussian> {
  return gaussianOfRows(inMemory(features), ddof);
}

/** The same of features that are read: at most as many rows at once as there are columns, or a piece. */
export async function gaussianOfRows(features: FeatureRows, ddof = 1): Promise<Gaussian> {
  const { rows, columns } = features;
  if (rows > columns) return gaussianOfMoments((await momentsOf(columns, piecesOf(features))).moments(ddof));
  const all = readAll(features);
  const mean = meanOf(all);
  const factor = centred(all, mean, 1 / Math.sqrt(rows - ddof));
  return { mean, trace: factor.data.reduce((sum, x) => sum + x * x, 0), factor };
}

/** The Gaussian of stored statistics. */
export async function gaussianOfMoments({ mean, covariance }: Moments): Promise<Gaussian> {
  return { mean, trace: traceOf(covariance), factor: await pivotedCholesky(covariance) };
}

export function traceOf({ rows, columns, data }: Matrix): number {
  let trace = 0;
  for (let i = 0; i < rows; i++) trace += data[i * columns + i]!;
  return trace;
}
