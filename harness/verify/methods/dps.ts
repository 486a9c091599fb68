import { z } from 'zod';
import dps from '../../solvers/dps.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  scale: z.number(),
  sampler: z.literal('ddpm'),
  guidance: z.literal('ps'),
});

export const dpsMethod = defineMethod(
  'dps',
  { ...pixelParams, clip_denoised: z.literal(true), parameters },
  (stated, given) => ({
    solver: dps,
    params: { steps: stated.timesteps.length, zeta: stated.parameters.scale },
    prior: pixelPrior(given, scheduleOf(stated)),
    noise: stated.noise,
    legs: legsOf(stated),
  }),
);
