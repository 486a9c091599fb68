import { z } from 'zod';
import dds from '../../solvers/dds.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  eta: z.number(),
  gamma: z.number(),
  CG_iter: z.int(),
  /** Where the public code stops early; further iterations change nothing there. */
  cg_eps: z.number(),
  T_sampling: z.int(),
});

export const ddsMethod = defineMethod(
  'dds',
  { ...pixelParams, clip_denoised: z.literal(false), parameters },
  (stated, given) => {
    const { eta, gamma, CG_iter, T_sampling } = stated.parameters;
    return {
      solver: dds,
      params: { steps: T_sampling, eta, gamma, cgSteps: CG_iter },
      prior: pixelPrior(given, scheduleOf(stated)),
      noise: stated.noise,
      legs: legsOf(stated),
    };
  },
);
