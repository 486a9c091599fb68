import { z } from 'zod';
import mcg from '../../solvers/mcg.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.union([
  z.strictObject({ scale: z.number(), sample_method: z.literal('MCG') }),
  z.strictObject({ scale: z.number(), sampler: z.literal('ddpm'), guidance: z.literal('mcg') }),
]);

export const mcgMethod = defineMethod(
  'mcg',
  { ...pixelParams, clip_denoised: z.literal(true), parameters },
  (stated, given) => ({
    solver: mcg,
    params: { steps: stated.timesteps.length, alpha: stated.parameters.scale },
    prior: pixelPrior(given, scheduleOf(stated)),
    noise: stated.noise,
    legs: legsOf(stated),
  }),
);
