import { type Tensor, tf } from '../engine/tf.ts';

/** Below this squares of float32 residuals are nothing; keeps a converged image's updates at 0 instead of 0/0. */
const TINY = 1e-30;

/** Of ||b||, float32's rounding. A smaller residual says nothing, and a singular H would blow it up. */
const CONVERGED = 2 ** -23;

/**
 * A fixed number of conjugate-gradient iterations on H x = b from x0 (Hestenes and Stiefel, 1952), each image with its own
 * step sizes and as it is once it has converged. x and b are [B,...] of any rank; `apply` is H, symmetric and positive or,
 * with b in its range, not negative.
 */
export function conjugateGradients(
  apply: (x: Tensor) => Tensor,
  b: Tensor,
  x0: Tensor,
  iterations: number,
): Tensor {
  let x = x0;
  let r = tf.sub(b, apply(x0));
  let p = r;
  let rr = dot(r, r);
  const enough = tf.mul(dot(b, b), CONVERGED ** 2);
  for (let i = 0; i < iterations; i++) {
    const q = apply(p);
    const moves = tf.step(tf.sub(rr, enough));
    const step = tf.mul(moves, tf.div(rr, tf.maximum(dot(p, q), TINY)));
    x = tf.add(x, tf.mul(step, p));
    r = tf.sub(r, tf.mul(step, q));
    const next = dot(r, r);
    p = tf.add(r, tf.mul(tf.div(next, tf.maximum(rr, TINY)), p));
    rr = next;
  }
  return x;
}

/** Inner product of each image, with axes of 1 for all but the batch. */
function dot(a: Tensor, b: Tensor): Tensor {
  return tf.sum(tf.mul(a, b), a.shape.map((_, axis) => axis).slice(1), true);
}
