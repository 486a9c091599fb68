import { gemm, type Matrix } from '../engine/linear-algebra/gemm.ts';
import { nuclearNorm } from '../engine/linear-algebra/nuclear-norm.ts';
import { pivotedCholesky } from '../engine/linear-algebra/pivoted-cholesky.ts';
import type { FeatureMatrix } from './feature-matrix.ts';

/** Mean [d] and covariance [d,d] of a set of features. */
export interface Moments {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

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
  const shift = a.mean.reduce((sum, x, i) => sum + (x - b.mean[i]!) ** 2, 0);
  const overlap = await nuclearNorm(await gemm(a.factor, b.factor, { transB: true }));
  return shift + a.trace + b.trace - 2 * overlap;
}

/** The Gaussian of a set of features; the covariance is divided by rows - ddof. */
export async function gaussianOf(features: FeatureMatrix, ddof = 1): Promise<Gaussian> {
  if (features.rows > features.columns) return gaussianOfMoments(await momentsOf(features, ddof));
  const mean = meanOf(features);
  const factor = centred(features, mean, 0, features.rows, 1 / Math.sqrt(features.rows - ddof));
  return { mean, trace: factor.data.reduce((sum, x) => sum + x * x, 0), factor };
}

/** The Gaussian of stored statistics. */
export async function gaussianOfMoments({ mean, covariance }: Moments): Promise<Gaussian> {
  const trace = mean.reduce((sum, _, i) => sum + covariance.data[i * mean.length + i]!, 0);
  return { mean, trace, factor: await pivotedCholesky(covariance) };
}

/** FeatureMatrix that are widened to double precision at a time. */
const CHUNK = 2048;

async function momentsOf(features: FeatureMatrix, ddof: number): Promise<Moments> {
  const d = features.columns;
  const mean = meanOf(features);
  const scale = 1 / Math.sqrt(features.rows - ddof);
  let covariance: Matrix = { rows: d, columns: d, data: new Float64Array(d * d) };
  for (let start = 0; start < features.rows; start += CHUNK) {
    const part = centred(features, mean, start, Math.min(features.rows, start + CHUNK), scale);
    covariance = await gemm(part, part, { transA: true, plus: covariance });
  }
  return { mean, covariance };
}

/** [d] */
export function meanOf({ rows, columns, data }: FeatureMatrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j]! += data[i * columns + j]!;
  return mean.map((sum) => sum / rows);
}

/** FeatureMatrix start .. end - 1, less the mean, times a factor. */
export function centred(
  { columns, data }: FeatureMatrix,
  mean: Float64Array,
  start: number,
  end: number,
  scale: number,
): Matrix {
  const result = new Float64Array((end - start) * columns);
  for (let i = start, at = 0; i < end; i++)
    for (let j = 0; j < columns; j++) result[at++] = (data[i * columns + j]! - mean[j]!) * scale;
  return { rows: end - start, columns, data: result };
}
