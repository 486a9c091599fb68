import { gemm, type Matrix } from '../engine/linear-algebra/gemm.ts';
import { nuclearNorm } from '../engine/linear-algebra/nuclear-norm.ts';
import { type FeatureMatrix, selectRows } from './feature-matrix.ts';
import { centred, frechetDistance, gaussianOf, meanOf } from './frechet.ts';

/** FeatureMatrix of two sets that are kept; null: all. */
export interface KeptRows {
  readonly a: readonly number[] | null;
  readonly b: readonly number[] | null;
}

/** The Fréchet distance of many selections of rows of two sets. */
export async function frechetReplicates(
  a: FeatureMatrix,
  b: FeatureMatrix,
  selections: readonly KeptRows[],
): Promise<number[]> {
  const distance = Math.max(a.rows, b.rows) <= a.columns ? await fromProducts(a, b) : separately(a, b);
  const values: number[] = [];
  for (const kept of selections) values.push(await distance(kept));
  return values;
}

function separately(a: FeatureMatrix, b: FeatureMatrix): (kept: KeptRows) => Promise<number> {
  const whole = new Map<FeatureMatrix, ReturnType<typeof gaussianOf>>();
  const side = (rows: FeatureMatrix, kept: readonly number[] | null) => {
    if (kept) return gaussianOf(selectRows(rows, kept));
    const known = whole.get(rows) ?? gaussianOf(rows);
    whole.set(rows, known);
    return known;
  };
  return async (kept) => frechetDistance(await side(a, kept.a), await side(b, kept.b));
}

/**
 * With fewer rows than columns the last trace is the nuclear norm of the centred rows' inner products. Those of a
 * selection are some of those of all rows, centred anew: the long products are computed once.
 */
async function fromProducts(
  a: FeatureMatrix,
  b: FeatureMatrix,
): Promise<(kept: KeptRows) => Promise<number>> {
  const [meanA, meanB] = [meanOf(a), meanOf(b)];
  const [x, y] = [centred(a, meanA, 0, a.rows, 1), centred(b, meanB, 0, b.rows, 1)];
  const products = await gemm(x, y, { transB: true });
  return async (kept) => {
    const [rows, columns] = [kept.a ?? range(a.rows), kept.b ?? range(b.rows)];
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

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
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
