import { upsampleNearest } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';
import { linearProjection } from './projection.ts';

/**
 * The mean of each block of f x f pixels, [B,C,H,W] -> [B,C,H/f,W/f] (DDRM and DDNM's super-resolution). A A^T = 1/f^2, so
 * the pseudo-inverse copies a value to its block.
 */
export function blockAverage(
  factor: number,
  [channels, height, width]: readonly [number, number, number],
): Operator {
  const [rows, columns] = [height / factor, width / factor];
  const forward = (x: Tensor) =>
    tf.mean(tf.reshape(x, [-1, channels, rows, factor, columns, factor]), [3, 5]);
  const copy = (y: Tensor) => upsampleNearest(y, [height, width]);
  return {
    name: 'block-average',
    linear: true,
    forward,
    adjoint: (y) => tf.div(copy(y), factor ** 2),
    pseudoInverse: copy,
    projection: linearProjection({ forward, pseudoInverse: copy }, 1 / factor),
    proximal: (y, x0, lambda) =>
      tf.add(x0, copy(tf.div(tf.sub(y, forward(x0)), tf.add(tf.mul(lambda, factor ** 2), 1)))),
    dispose: () => {},
  };
}
