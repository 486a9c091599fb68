import { tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';

/** A x = x, [B,C,H,W] -> [B,C,H,W]. */
export function identity(): Operator {
  return {
    name: 'identity',
    linear: true,
    forward: (x) => tf.clone(x),
    adjoint: (y) => tf.clone(y),
    pseudoInverse: (y) => tf.clone(y),
    svd: { values: () => tf.ones([1, 1, 1, 1]), vt: (x) => x, v: (c) => c, ut: (y) => y },
    proximal: (y, x0, lambda) => tf.div(tf.add(y, tf.mul(x0, lambda)), tf.add(lambda, 1)),
    dispose: () => {},
  };
}
