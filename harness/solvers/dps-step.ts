/** One reverse step of DPS (arXiv 2209.14687, Algorithm 1; SOLVERS.md 4.1, 0.7). */
import { type Tensor, tf } from '../engine/tf.ts';
import { type DdpmStep, ddpmSample, type PosteriorOptions, pMeanVariance } from '../priors/ddpm.ts';
import { gradientKeeping } from './kept-gradient.ts';

export type DpsStepInput = {
  /** x_t [B,C,H,W]. */
  readonly x: Tensor;
  /** Training time step, what the network is told. */
  readonly t: Tensor;
  readonly at: DdpmStep<Tensor>;
  /** Standard normal [B,C,H,W]; zeros at the last step. */
  readonly gaussian: Tensor;
  /** Step size on the gradient of the misfit. */
  readonly scale: Tensor;
};

export interface DpsStepRule extends PosteriorOptions {
  /** The network's noise and the values that place the log-variance, each [B,C,H,W]. */
  predict(x: Tensor, t: Tensor): { noise: Tensor; variance: Tensor };
  /** ||y - A(x0)||: [B], one an image, or [1] over the batch as in the public code. */
  misfit(x0: Tensor): Tensor;
}

/**
 * The ancestral sample x', moved against the gradient of the misfit of the estimate x0 through the network:
 * next = x' - scale d misfit / d x_t.
 */
export function dpsStep(
  s: DpsStepInput,
  rule: DpsStepRule,
): { next: Tensor; sample: Tensor; x0: Tensor; misfit: Tensor; gradient: Tensor } {
  const { gradient, kept } = gradientKeeping(s.x, (x) => {
    const posterior = pMeanVariance({ ...rule.predict(x, s.t), x, at: s.at }, rule);
    return { ...posterior, loss: rule.misfit(posterior.x0) };
  });
  const sample = ddpmSample(kept, s.gaussian);
  return {
    next: tf.sub(sample, tf.mul(gradient, s.scale)),
    sample,
    x0: kept.x0,
    misfit: kept.loss,
    gradient,
  };
}
