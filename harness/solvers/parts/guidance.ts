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
