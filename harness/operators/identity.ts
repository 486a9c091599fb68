import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';
import { linearProjection } from './projection.ts';

/** A x = x, [B,C,H,W] -> [B,C,H,W]. */
export function identity(): Operator {
  const copy = (x: Tensor) => tf.clone(x);
  return {
    name: 'identity',
    linear: true,
    forward: copy,
    adjoint: copy,
    pseudoInverse: copy,
    projection: linearProjection({ forward: copy, pseudoInverse: copy }, 1),
    svd: { values: () => tf.ones([1, 1, 1, 1]), vt: (x) => x, v: (c) => c, ut: (y) => y },
    proximal: (y, x0, lambda) => tf.div(tf.add(y, tf.mul(x0, lambda)), tf.add(lambda, 1)),
    dispose: () => {},
  };
}
