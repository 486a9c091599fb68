/** The reverse step that LDPS, GML-DPS, PSLD and P2L share (SOLVERS.md 0.3, 0.7). */
import type { Tensor } from '../engine/tf.ts';
import { ddimStep, z0FromNoise } from '../priors/ddim.ts';
import { gradientKeeping } from './kept-gradient.ts';

/** Noise prediction of z_t [B,c,h,w] at time t under the prompts c [B,L,D]. */
export type Denoiser = (z: Tensor, t: Tensor, c: Tensor) => Tensor;

/** What a reverse step starts from; `gaussian` is the DDIM noise [B,c,h,w], or a scalar 0 where eta is 0. */
export type LatentStepInput = {
  readonly z: Tensor;
  readonly c: Tensor;
  readonly t: Tensor;
  readonly alphaBar: Tensor;
  readonly alphaBarNext: Tensor;
  readonly gaussian: Tensor;
};

export interface LatentStepRule {
  readonly denoise: Denoiser;
  readonly eta: number;
  /** The guidance loss of each image [B] at its estimate z0; differentiated with respect to z_t. */
  loss(z0: Tensor): Tensor;
  /** Moves the estimate that DDIM continues from (P2L's range projection). */
  project?(z0: Tensor, noise: Tensor): { z0: Tensor; noise: Tensor };
}

/**
 * One pass of the network gives the noise, Tweedie's z0 and the loss; back-propagation gives d loss / d z_t. Returns the
 * DDIM transition (uncorrected), that gradient and the estimate that the transition used.
 */
export function latentStep(
  s: LatentStepInput,
  rule: LatentStepRule,
): { ddim: Tensor; gradient: Tensor; z0: Tensor } {
  const { gradient, noise, z0: tweedie } = lossGradient(s, rule);
  const { z0, noise: direction } = rule.project ? rule.project(tweedie, noise) : { z0: tweedie, noise };
  return { ddim: ddimStep({ ...s, z0, noise: direction, eta: rule.eta }), gradient, z0 };
}

function lossGradient(s: LatentStepInput, { denoise, loss }: LatentStepRule) {
  const { gradient, kept } = gradientKeeping(s.z, (z) => {
    const noise = denoise(z, s.t, s.c);
    const z0 = z0FromNoise(z, noise, s.alphaBar);
    return { noise, z0, loss: loss(z0) };
  });
  return { gradient, noise: kept.noise, z0: kept.z0 };
}
