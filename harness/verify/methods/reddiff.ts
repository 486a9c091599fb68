import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import redDiff from '../../solvers/red-diff.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const WEIGHTINGS = {
  linear: 'linear',
  sqrt: 'sqrt',
  square: 'square',
  log: 'log',
  trunc_linear: 'truncated-linear',
  power2over3: 'two-thirds',
  const: 'constant',
} as const;

const parameters = z.strictObject({
  /** Where nothing is guided through the network these three change nothing. */
  awd: z.boolean(),
  cond_awd: z.boolean(),
  eta: z.number(),
  obs_weight: z.number(),
  grad_term_weight: z.number(),
  denoise_term_weight: z.enum(Object.keys(WEIGHTINGS) as (keyof typeof WEIGHTINGS)[]),
  lr: z.number(),
  sigma_x0: z.number(),
  /** Of the times, which the case lists. */
  num_steps: z.int(),
  start_step: z.int(),
  end_step: z.literal(0),
  adam_betas: z.tuple([z.literal(0.9), z.literal(0.99)]),
  adam_eps: z.number(),
});

export const reddiffMethod = defineMethod(
  'reddiff',
  { ...pixelParams, clip_denoised: z.literal(false), parameters },
  (stated, given) => {
    const p = stated.parameters;
    return {
      solver: redDiff,
      params: {
        steps: stated.timesteps.length,
        lr: p.lr,
        // Its means are over the batch: two pictures halve the gradient, so that eps counts twice.
        epsilon: p.adam_eps * (stated.batch ?? 1),
        lambda: p.grad_term_weight,
        weighting: WEIGHTINGS[p.denoise_term_weight],
        obsWeight: p.obs_weight,
        sigmaX0: p.sigma_x0,
        variant: 'public-code',
      },
      prior: pixelPrior(given, scheduleOf(stated)),
      noise: stated.noise,
      legs: legsOf(stated),
      startsAtXT: false,
      watched: ({ mu, x0 }) => ({ x: mu as Tensor, x0: x0 as Tensor }),
      finals: ({ mu }) => ({ mu_final: mu as Tensor }),
    };
  },
);
