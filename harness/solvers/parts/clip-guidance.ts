/** Guidance by the gradient of a CLIP of noised pictures (GLIDE, Nichol et al., arXiv 2112.10741, section 2.4). */
import { type Tensor, tf } from '../../engine/tf.ts';
import type { NoisedClip } from '../../priors/prior.ts';
import { directions } from './directions.ts';
import type { Posterior } from './grids.ts';

/**
 * s grad_{x_t} of what CLIP's softmax sees: its scale times the cosine of x_t with its text.
 * @param texts [B,P]
 */
export function clipGradient(
  clip: Pick<NoisedClip, 'imageFeatures' | 'scale'>,
  texts: Tensor,
  x: Tensor,
  t: Tensor,
  s: number,
): Tensor {
  const target = directions(texts);
  const agreement = (x: Tensor) =>
    tf.sum(tf.mul(clip.scale, tf.mul(directions(clip.imageFeatures(x, t)), target)));
  return tf.mul(s, tf.grad(agreement)(x));
}

/** Of an ancestral step: mu + Sigma gradient (there). */
export function movedPosterior({ mean, logVariance, x0 }: Posterior, gradient: Tensor): Posterior {
  return { x0, mean: tf.add(mean, tf.mul(tf.exp(logVariance), gradient)), logVariance };
}

/**
 * Of a step of DDIM: the estimate whose noise is e - sqrt(1 - abar_t) gradient (Dhariwal and Nichol, arXiv 2105.05233, eq. 14).
 * It may leave [-1,1].
 */
export function movedEstimate(x0: Tensor, gradient: Tensor, abar: Tensor): Tensor {
  return tf.add(x0, tf.mul(tf.div(tf.sub(1, abar), tf.sqrt(abar)), gradient));
}
