import { z } from 'zod';
import mpgd from '../../solvers/mpgd.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  scale: z.number(),
  eta: z.number(),
  steps: z.int(),
  variant: z.literal('wo_proj'),
});

export const mpgdMethod = defineMethod(
  'mpgd',
  { ...pixelParams, clip_denoised: z.literal(true), parameters },
  (stated, given) => ({
    solver: mpgd,
    params: {
      steps: stated.parameters.steps,
      eta: stated.parameters.eta,
      scale: stated.parameters.scale,
      variant: 'public-code',
    },
    prior: pixelPrior(given, scheduleOf(stated)),
    noise: stated.noise,
    legs: legsOf(stated),
  }),
);
