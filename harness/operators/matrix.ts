import { type Tensor, type Tensor2D, tf } from '../engine/tf.ts';

/** A small dense matrix on the host, row-major, in double precision. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** A matrix of zeros, to be filled. */
export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) };
}

/** The matrix as a float32 tensor [rows, columns]. */
export function toTensor({ rows, columns, data }: Matrix): Tensor2D {
  return tf.tensor2d(Float32Array.from(data), [rows, columns]);
}

/** [n, m] of a matrix [m, n]; a copy. */
export function transpose({ rows, columns, data }: Matrix): Matrix {
  const flipped = zeros(columns, rows);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) flipped.data[j * rows + i] = data[i * columns + j]!;
  return flipped;
}

/** a b: [m, k] by [k, n] -> [m, n]. Zeros of `a` cost nothing, so a banded matrix belongs on the left. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const product = zeros(a.rows, b.columns);
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < a.columns; k++) {
      const factor = a.data[i * a.columns + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < b.columns; j++)
        product.data[i * b.columns + j]! += factor * b.data[k * b.columns + j]!;
    }
  }
  return product;
}

/** left X right^T on the last two axes of x [B,C,H,W]; left [H',H], right [W',W] -> [B,C,H',W']. */
export function sandwich(left: Tensor2D, x: Tensor, right: Tensor2D): Tensor {
  return multiplySides(left, x, right, true);
}

/** left^T Y right on the last two axes of y [B,C,H',W'], the adjoint of `sandwich` -> [B,C,H,W]. */
export function sandwichAdjoint(left: Tensor2D, y: Tensor, right: Tensor2D): Tensor {
  return multiplySides(left, y, right, false);
}

/** Only plain 2-D products and transpositions, which every device computes and differentiates. */
function multiplySides(left: Tensor2D, x: Tensor, right: Tensor2D, transpose: boolean): Tensor {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const side = transpose ? 0 : 1;
  const [newHeight, newWidth] = [left.shape[side]!, right.shape[side]!];
  const rows = tf.matMul(tf.reshape(x, [-1, width]), right, false, transpose);
  const upright = tf.transpose(tf.reshape(rows, [batch * channels, height, newWidth]), [0, 2, 1]);
  const columns = tf.matMul(tf.reshape(upright, [-1, height]), left, false, transpose);
  const image = tf.transpose(tf.reshape(columns, [batch * channels, newWidth, newHeight]), [0, 2, 1]);
  return tf.reshape(image, [batch, channels, newHeight, newWidth]);
}
