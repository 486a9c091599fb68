import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import projdiff from '../../solvers/projdiff.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  lr: z.number(),
  N: z.int(),
  variant: z.enum(['noiseless', 'noisy', 'phase']),
  momentum: z.literal(0),
  seq_start: z.literal(0),
  seq_stop: z.int(),
  seq_skip: z.int(),
  /** These follow from the operator. */
  equivalent_variance: z.number().optional(),
  lr_obs: z.literal(1).optional(),
  abar_obs: z.number().optional(),
});

export const projdiffMethod = defineMethod(
  'projdiff',
  { ...pixelParams, clip_denoised: z.literal(false), parameters },
  (stated, given) => {
    const { lr, N, variant } = stated.parameters;
    const legs = legsOf(stated);
    return {
      solver: projdiff,
      params: {
        steps: legs.length,
        lr,
        repeats: N,
        projections: variant === 'phase' ? 2 : 1,
        variant: 'public-code',
      },
      prior: pixelPrior(given, scheduleOf(stated)),
      noise: stated.noise,
      legs: [{ t: legs[0]!.t, next: legs[0]!.t }, ...legs],
      startsAtXT: false,
      // The start is an estimate of its own, and no step.
      watched: ({ x, x0 }, { n }) => ({ x: n > legs.length ? null : (x as Tensor), x0: x0 as Tensor }),
    };
  },
);
