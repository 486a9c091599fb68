import { gemm, type Matrix } from '../engine/linear-algebra/gemm.ts';
import type { FeatureMatrix } from './feature-matrix.ts';

/** Mean [d] and covariance [d,d] of a set of features. */
export interface Moments {
  readonly mean: Float64Array;
  readonly covariance: Matrix;
}

/**
 * Moments of rows as they come, in double precision: their number, mean, and scatter, the sum of (x - mean)(x - mean)^T
 * (Chan, Golub and LeVeque 1979, Updating formulae and a pairwise algorithm for computing sample variances). Holds two
 * [d,d] matrices and one piece of rows, however many there are.
 */
export class RunningMoments {
  count = 0;
  readonly mean: Float64Array;
  #scatter: Matrix;
  #spare: Float64Array;

  constructor(dimensions: number) {
    const square = () => new Float64Array(dimensions ** 2);
    this.mean = new Float64Array(dimensions);
    this.#scatter = { rows: dimensions, columns: dimensions, data: square() };
    this.#spare = square();
  }

  get scatter(): Matrix {
    return this.#scatter;
  }

  async add(piece: FeatureMatrix): Promise<void> {
    if (piece.rows === 0) return;
    const mean = meanOf(piece);
    const count = this.count + piece.rows;
    const shift = mean.map((value, j) => value - this.mean[j]!);
    // The means lie apart: one row more, as long as that adds to the scatter.
    const apart = Math.sqrt((this.count * piece.rows) / count);
    const rows = withRow(centred(piece, mean), shift, apart);
    const into = this.#spare;
    this.#spare = this.#scatter.data;
    this.#scatter = await gemm(rows, rows, { transA: true, plus: this.#scatter, into });
    for (const [j, value] of shift.entries()) this.mean[j]! += (value * piece.rows) / count;
    this.count = count;
  }

  /** Moments of these rows without some of them. */
  without(part: RunningMoments): Moments & { readonly count: number } {
    const count = this.count - part.count;
    const shift = this.mean.map((value, j) => ((value - part.mean[j]!) * part.count) / count);
    const mean = this.mean.map((value, j) => value + shift[j]!);
    // From the mean of what stays to that of what goes there are count / part.count + 1 such shifts.
    const apart = (count * this.count) / part.count;
    const { rows: d, data } = this.#scatter;
    const covariance = new Float64Array(d * d);
    for (let i = 0, at = 0; i < d; i++) {
      const along = shift[i]! * apart;
      for (let j = 0; j < d; j++, at++)
        covariance[at] = (data[at]! - part.#scatter.data[at]! - along * shift[j]!) / (count - 1);
    }
    return { count, mean, covariance: { rows: d, columns: d, data: covariance } };
  }

  /** The covariance is the scatter divided by count - ddof. */
  moments(ddof = 1): Moments {
    const { rows, columns, data } = this.#scatter;
    const covariance = { rows, columns, data: data.map((value) => value / (this.count - ddof)) };
    return { mean: this.mean, covariance };
  }
}

/** Moments of all of these pieces. */
export async function momentsOf(
  dimensions: number,
  pieces: Iterable<FeatureMatrix>,
): Promise<RunningMoments> {
  const moments = new RunningMoments(dimensions);
  for (const piece of pieces) await moments.add(piece);
  return moments;
}

/** [d] */
export function meanOf({ rows, columns, data }: FeatureMatrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mean[j]! += data[i * columns + j]!;
  return mean.map((sum) => sum / rows);
}

/** Rows less a mean, times a factor. */
export function centred({ rows, columns, data }: FeatureMatrix, mean: Float64Array, scale = 1): Matrix {
  const result = new Float64Array(rows * columns);
  for (let i = 0, at = 0; i < rows; i++)
    for (let j = 0; j < columns; j++, at++) result[at] = (data[at]! - mean[j]!) * scale;
  return { rows, columns, data: result };
}

/** A matrix with a multiple of a row below it. */
export function withRow({ rows, columns, data }: Matrix, row: Float64Array, factor: number): Matrix {
  const result = new Float64Array((rows + 1) * columns);
  result.set(data);
  for (let j = 0; j < columns; j++) result[rows * columns + j] = row[j]! * factor;
  return { rows: rows + 1, columns, data: result };
}
