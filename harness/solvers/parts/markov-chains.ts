/** One move each of Markov chains towards a density p; n: standard normal, shaped like u; rate: the step size, a scalar. */
import { type Tensor, tf } from '../../engine/tf.ts';

/** Unadjusted Langevin dynamics: u + rate score + sqrt(2 rate) n, with score = grad log p(u). */
export function langevin(u: Tensor, score: Tensor, rate: Tensor, n: Tensor): Tensor {
  const drift = tf.add(u, tf.mul(rate, score));
  return tf.add(drift, tf.mul(tf.sqrt(tf.mul(2, rate)), n));
}

/**
 * Hamiltonian dynamics with friction, steps of sqrt(rate): the velocity v keeps a share `momentum` of itself and is given
 * noise for the rest.
 */
export function hamiltonian(
  { u, v }: { readonly u: Tensor; readonly v: Tensor },
  score: Tensor,
  rate: Tensor,
  momentum: number,
  n: Tensor,
): { u: Tensor; v: Tensor } {
  const step = tf.sqrt(rate);
  const driven = tf.add(tf.mul(momentum, v), tf.mul(step, score));
  const next = tf.add(driven, tf.mul(Math.sqrt(2 * (1 - momentum)), n));
  return { u: tf.add(u, tf.mul(step, next)), v: next };
}

/**
 * Metropolis and Hastings with the proposal u + sqrt(rate) n, taken where log(uniform) < log p(proposal) - log p(u).
 * @param logDensity log p up to a constant, of each image: [B,...] -> [B]
 * @param uniform [B], in [0,1)
 */
export function metropolis(
  u: Tensor,
  logDensity: (u: Tensor) => Tensor,
  rate: Tensor,
  n: Tensor,
  uniform: Tensor,
): Tensor {
  const proposal = tf.add(u, tf.mul(tf.sqrt(rate), n));
  const accepts = tf.less(tf.log(uniform), tf.sub(logDensity(proposal), logDensity(u)));
  return tf.where(tf.reshape(accepts, [-1, ...u.shape.slice(1).map(() => 1)]), proposal, u);
}
