import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prediction, Prior } from '../../priors/prior.ts';

/** The prediction at x_t and time t under the embeddings c [B,L,D], where the prior takes prompts. */
export type Predict = (x: Tensor, t: Tensor, c?: Tensor) => Prediction;

/**
 * Classifier-free guidance u + w (c - u) with the embeddings `u` of the null prompts (Ho and Salimans, arXiv 2207.12598,
 * eq. 6, in the notation where w = 1 is the conditional prediction alone: one pass, and never the null prompts').
 */
export function guided(prior: Prior, u: Tensor | undefined, w: number): Predict {
  if (w === 1) return prior.predict;
  return (x, t, c) => {
    const [conditional, unconditional] = [prior.predict(x, t, c), prior.predict(x, t, u)];
    return towards(unconditional, conditional, w);
  };
}

/** u + w (c - u) of two predictions at the same x_t. */
export function towards(unconditional: Prediction, conditional: Prediction, w: Tensor | number): Prediction {
  const value = tf.add(unconditional.value, tf.mul(tf.sub(conditional.value, unconditional.value), w));
  return { ...conditional, value };
}

/**
 * The guided prediction with a share phi of the conditional one's spread: guidance makes it too wide (Lin, Liu, Li and Yang,
 * arXiv 2305.08891, eqs. 14 to 16). Deviations are those of a picture's values, unbiased.
 */
export function rescaled(guided: Prediction, conditional: Prediction, phi: number): Prediction {
  const factor = tf.div(deviation(conditional.value), deviation(guided.value));
  return { ...guided, value: tf.mul(guided.value, tf.add(tf.mul(phi, factor), 1 - phi)) };
}

/** [B,1,1,1] of [B,C,H,W]. */
function deviation(x: Tensor): Tensor {
  const axes = x.shape.map((_, i) => i).slice(1);
  const count = x.size / x.shape[0]!;
  const squares = tf.sum(tf.square(tf.sub(x, tf.mean(x, axes, true))), axes, true);
  return tf.sqrt(tf.div(squares, count - 1));
}
