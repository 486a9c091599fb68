/** The loop of a DDIM-based solver. */
import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { ddimSteps } from '../priors/ddim.ts';
import type { LatentPrior } from '../priors/prior.ts';
import { REVERSE_STEPS } from './checked-parameters.ts';
import type { SolverContext } from './solver.ts';

export const steps = z
  .number()
  .int()
  .min(1)
  .default(1000)
  .meta({ description: 'number of reverse steps N', ...REVERSE_STEPS });
export const eta = z.number().min(0).max(1).default(0).describe('stochasticity of DDIM; 0 is deterministic');

/** One reverse step, as the arguments that a compiled step takes. */
export interface ReverseStep {
  /** N, ..., 1. */
  readonly n: number;
  readonly at: {
    readonly t: number;
    readonly alphaBar: number;
    readonly alphaBarNext: number;
    /** DDIM's fresh noise [B,c,h,w]; 0 where eta is 0. */
    readonly gaussian: Tensor | number;
  };
}

/** The steps n = N..1 with their noise, which is freed, and reported as done, when the loop asks for the next one. */
export function* reverseSteps(
  prior: LatentPrior,
  p: { readonly steps: number; readonly eta: number },
  ctx: SolverContext,
): Generator<ReverseStep> {
  const grid = ddimSteps(prior.schedule, p.steps);
  for (const { n, ...at } of grid) {
    const gaussian = p.eta > 0 ? ctx.normal('step', prior.latentShape) : 0;
    yield { n, at: { ...at, gaussian } };
    tf.dispose({ gaussian });
    ctx.progress(grid.length - n + 1, grid.length);
  }
}
