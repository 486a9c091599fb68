import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';
import { linearProjection } from './projection.ts';

/** The weighted sum of the three channels, [B,3,H,W] -> [B,1,H,W]. A A^T = ||w||^2. */
export function colourisation(weights: readonly [number, number, number]): Operator {
  const square = weights.reduce((sum, w) => sum + w * w, 0);
  const w = (): Tensor => tf.tensor(weights as readonly number[] as number[], [1, 3, 1, 1]);
  const forward = (x: Tensor) => tf.sum(tf.mul(x, w()), 1, true);
  const adjoint = (y: Tensor) => tf.mul(w(), y);
  const pseudoInverse = (y: Tensor) => adjoint(tf.div(y, square));
  return {
    name: 'colourisation',
    linear: true,
    forward,
    adjoint,
    pseudoInverse,
    projection: linearProjection({ forward, pseudoInverse }, Math.sqrt(square)),
    proximal: (y, x0, lambda) => tf.add(x0, adjoint(tf.div(tf.sub(y, forward(x0)), tf.add(lambda, square)))),
    dispose: () => {},
  };
}
