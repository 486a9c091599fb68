import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';
import { linearProjection } from './projection.ts';

/**
 * Keeps the observed pixels and sets the others to 0.
 * @param mask [B,1,H,W], 1 = observed, 0 = missing; the operator owns it from now on.
 */
export function inpainting(mask: Tensor): Operator {
  const observe = (x: Tensor) => tf.mul(x, mask);
  return {
    name: 'inpainting',
    linear: true,
    forward: observe,
    adjoint: observe,
    pseudoInverse: observe,
    projection: linearProjection({ forward: observe, pseudoInverse: observe }, 1),
    restrict: observe,
    drawn: { mask },
    svd: { values: () => mask, vt: (x) => x, v: (c) => c, ut: observe },
    proximal(y, x0, lambda) {
      const observed = tf.div(tf.add(y, tf.mul(x0, lambda)), tf.add(lambda, 1));
      return tf.add(tf.mul(mask, observed), tf.mul(tf.sub(1, mask), x0));
    },
    dispose: () => mask.dispose(),
  };
}
