import { type Tensor, tf } from '../engine/tf.ts';
import { toTensor } from './matrix.ts';
import type { Operator } from './operator.ts';
import { linearProjection } from './projection.ts';
import { atFirst, basisFrom } from './svd.ts';

/** The weighted sum of the three channels, [B,3,H,W] -> [B,1,H,W]. A A^T = ||w||^2. */
export function colourisation(weights: readonly [number, number, number]): Operator {
  const square = weights.reduce((sum, w) => sum + w * w, 0);
  const w = (): Tensor => tf.tensor(weights as readonly number[] as number[], [1, 3, 1, 1]);
  const basis = basisFrom(weights.map((value) => value / Math.sqrt(square)));
  /** The channels of each pixel times a matrix [3,3]. */
  const mixed = (x: Tensor, transposed: boolean) => {
    const [batch, , height, width] = x.shape as [number, number, number, number];
    const columns = tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [3, -1]);
    const product = tf.matMul(toTensor(basis), columns, transposed);
    return tf.transpose(tf.reshape(product, [3, batch, height, width]), [1, 0, 2, 3]);
  };
  const forward = (x: Tensor) => tf.sum(tf.mul(x, w()), 1, true);
  const adjoint = (y: Tensor) => tf.mul(w(), y);
  const pseudoInverse = (y: Tensor) => adjoint(tf.div(y, square));
  return {
    name: 'colourisation',
    linear: true,
    forward,
    adjoint,
    matrices: { channels: { rows: 1, columns: 3, data: Float64Array.from(weights) } },
    pseudoInverse,
    projection: linearProjection({ forward, pseudoInverse }, Math.sqrt(square)),
    svd: {
      values: () => tf.reshape(atFirst(Math.sqrt(square), 3), [1, 3, 1, 1]),
      vt: (x) => mixed(x, true),
      v: (c) => mixed(c, false),
      ut: (y) =>
        tf.pad(y, [
          [0, 0],
          [0, 2],
          [0, 0],
          [0, 0],
        ]),
    },
    proximal: (y, x0, lambda) => tf.add(x0, adjoint(tf.div(tf.sub(y, forward(x0)), tf.add(lambda, square)))),
    dispose: () => {},
  };
}
