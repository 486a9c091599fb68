import { z } from 'zod';
import resample from '../../solvers/resample.ts';
import { indexedScheduleOf, latentPrior, legsOf } from '../case-priors.ts';
import { defineMethod, latentParams } from '../solver-case.ts';

const parameters = z.strictObject({
  ddim_steps: z.int(),
  ddim_eta: z.literal(0),
  dps_scale: z.number(),
  dps_scale_times: z.literal('alphas_cumprod'),
  splits: z.literal(3),
  interval: z.int(),
  inter_timesteps: z.int(),
  resample_constant: z.number(),
  pixel_lr: z.literal(0.01),
  latent_lr: z.literal(0.005),
  pixel_max_iters: z.int(),
  latent_max_iters: z.int(),
  eps: z.number(),
  weight_decay: z.literal(0.01),
  encode: z.literal('mean'),
  scaling_factor: z.number(),
  /** What followed from the rest. */
  hard_steps: z.unknown(),
  iterations: z.unknown(),
});

export const resampleMethod = defineMethod(
  'resample',
  { ...latentParams, lookahead: z.unknown(), parameters },
  (stated, given) => {
    const { parameters: p, timesteps } = stated;
    return {
      solver: resample,
      params: {
        steps: timesteps.length,
        interval: p.interval,
        gamma: p.resample_constant,
        pixelIterations: p.pixel_max_iters,
        latentIterations: p.latent_max_iters,
        tolerance: p.eps,
        variant: 'public-code',
        guidance: p.dps_scale,
        lookAhead: p.inter_timesteps,
      },
      prior: latentPrior(given, indexedScheduleOf(stated)),
      legs: legsOf(stated),
      recordsOnePicture: true,
    };
  },
);
