import { type Tensor, tf } from '../engine/tf.ts';
import type { LatentPrior } from '../priors/prior.ts';
import type { Denoiser } from './latent-step.ts';

/** The same prompt for every image, [B,L,D]. */
export function samePrompt(prior: LatentPrior, prompt: string, batch: number): Tensor {
  return prior.embed(new Array<string>(batch).fill(prompt));
}

/** The conditional noise prediction. */
export function conditional(prior: LatentPrior): Denoiser {
  return (z, t, c) => prior.predict(z, t, c).noise;
}

/**
 * Classifier-free guidance e_u + w (e_c - e_u) with the null prompts u (SOLVERS.md 0.4). A scale of 1 is the conditional
 * prediction alone: one pass, and never the null prompt's.
 */
export function guided(prior: LatentPrior, u: Tensor, scale: number): Denoiser {
  if (scale === 1) return conditional(prior);
  return (z, t, c) => {
    const unconditional = prior.predict(z, t, u).noise;
    return tf.add(unconditional, tf.mul(tf.sub(prior.predict(z, t, c).noise, unconditional), scale));
  };
}
