import { gemm, type Matrix } from '../engine/linear-algebra/gemm.ts';
import { nuclearNorm } from '../engine/linear-algebra/nuclear-norm.ts';
import type { FeatureMatrix } from './feature-matrix.ts';
import { centred, meanOf } from './moments.ts';

/**
 * The Fréchet distance of selections of rows of two sets. With fewer rows than columns the last trace is the nuclear norm
 * of the centred rows' inner products. Those of a selection are some of those of all rows, centred anew: the long
 * products are computed once.
 */
export async function distancesFromProducts(
  a: FeatureMatrix,
  b: FeatureMatrix,
): Promise<(rows: readonly number[], columns: readonly number[]) => Promise<number>> {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const [x, y] = [centred(a, meanA), centred(b, meanB)];
  const products = await gemm(x, y, { transB: true });
  return async (rows, columns) => {
    const [ours, theirs] = [moments(x, rows), moments(y, columns)];
    const shift = meanA.reduce(
      (sum, m, i) => sum + (m + ours.mean[i]! - meanB[i]! - theirs.mean[i]!) ** 2,
      0,
    );
    const overlap = await nuclearNorm(centredSelection(products, rows, columns));
    const scale = Math.sqrt((rows.length - 1) * (columns.length - 1));
    return shift + ours.trace + theirs.trace - (2 * overlap) / scale;
  };
}

/** Mean, and trace of the covariance, of rows of a set that is centred as a whole. */
function moments({ columns, data }: Matrix, kept: readonly number[]): { mean: Float64Array; trace: number } {
  const mean = new Float64Array(columns);
  let squares = 0;
  for (const row of kept) {
    const values = data.subarray(row * columns, (row + 1) * columns);
    for (let j = 0; j < columns; j++) {
      mean[j]! += values[j]!;
      squares += values[j]! * values[j]!;
    }
  }
  for (let j = 0; j < columns; j++) mean[j]! /= kept.length;
  const between = kept.length * mean.reduce((sum, m) => sum + m * m, 0);
  return { mean, trace: (squares - between) / (kept.length - 1) };
}

/** Inner products of rows less the mean of those that are kept, on both sides. */
function centredSelection(
  { columns, data }: Matrix,
  rows: readonly number[],
  kept: readonly number[],
): Matrix {
  const width = kept.length;
  const selected = new Float64Array(rows.length * width);
  const columnMeans = new Float64Array(width);
  for (const [i, row] of rows.entries()) {
    const out = selected.subarray(i * width, (i + 1) * width);
    let sum = 0;
    for (let j = 0; j < width; j++) {
      const value = data[row * columns + kept[j]!]!;
      out[j] = value;
      sum += value;
    }
    for (let j = 0; j < width; j++) {
      out[j]! -= sum / width;
      columnMeans[j]! += out[j]! / rows.length;
    }
  }
  for (let i = 0; i < selected.length; i++) selected[i]! -= columnMeans[i % width]!;
  return { rows: rows.length, columns: width, data: selected };
}
