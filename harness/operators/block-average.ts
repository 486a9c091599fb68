import { upsampleNearest } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { type Matrix, toTensor } from './matrix.ts';
import type { Operator } from './operator.ts';
import { linearProjection } from './projection.ts';
import { atFirst, basisFrom } from './svd.ts';

/**
 * The mean of each block of f x f pixels, [B,C,H,W] -> [B,C,H/f,W/f] (DDRM and DDNM's super-resolution). A A^T = 1/f^2, so
 * the pseudo-inverse copies a value to its block.
 * @param basis right singular vectors of one block, its pixels row by row, as columns [f^2, f^2], the constant one (of either sign) first
 */
export function blockAverage(
  factor: number,
  [channels, height, width]: readonly [number, number, number],
  basis: Matrix = basisFrom(new Array<number>(factor ** 2).fill(1 / factor)),
): Operator {
  const [rows, columns] = [height / factor, width / factor];
  const forward = (x: Tensor) =>
    tf.mean(tf.reshape(x, [-1, channels, rows, factor, columns, factor]), [3, 5]);
  const copy = (y: Tensor) => upsampleNearest(y, [height, width]);
  /** The pixels of each block, in the last axis, times a matrix; each back at its place. */
  const mixed = (x: Tensor, transposed: boolean) => {
    const blocks = tf.transpose(tf.reshape(x, [-1, rows, factor, columns, factor]), [0, 1, 3, 2, 4]);
    const product = tf.matMul(tf.reshape(blocks, [-1, factor ** 2]), toTensor(basis), false, transposed);
    const apart = tf.transpose(tf.reshape(product, [-1, rows, columns, factor, factor]), [0, 1, 3, 2, 4]);
    return tf.reshape(apart, [-1, channels, height, width]);
  };
  /** 1 at the first pixel of each block. */
  const first = () => {
    const block = tf.reshape(atFirst(1, factor ** 2), [factor, factor]);
    return tf.tile(block, [rows, columns]);
  };
  return {
    name: 'block-average',
    linear: true,
    forward,
    adjoint: (y) => tf.div(copy(y), factor ** 2),
    pseudoInverse: copy,
    svd: {
      values: () => tf.div(first(), factor),
      vt: (x) => mixed(x, false),
      v: (c) => mixed(c, true),
      ut: (y) => tf.mul(tf.mul(first(), Math.sign(basis.data[0]!)), copy(y)),
    },
    projection: linearProjection({ forward, pseudoInverse: copy }, 1 / factor),
    proximal: (y, x0, lambda) =>
      tf.add(x0, copy(tf.div(tf.sub(y, forward(x0)), tf.add(tf.mul(lambda, factor ** 2), 1)))),
    dispose: () => {},
  };
}
