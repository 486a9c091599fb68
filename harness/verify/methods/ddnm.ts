import { z } from 'zod';
import ddnm from '../../solvers/ddnm.ts';
import ddnmPlus from '../../solvers/ddnm-plus.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  variant: z.enum(['ddnm', 'ddnm_plus']),
  eta: z.number(),
  T_sampling: z.int(),
  travel_length: z.int(),
  travel_repeat: z.int(),
});

export const ddnmMethod = defineMethod(
  'ddnm',
  { ...pixelParams, clip_denoised: z.literal(false), parameters },
  (stated, given) => {
    const { variant, eta, T_sampling: steps, travel_length, travel_repeat } = stated.parameters;
    const params = { steps, eta, travelLength: travel_length, travelRepeat: travel_repeat };
    return {
      ...(variant === 'ddnm'
        ? { solver: ddnm, params }
        : { solver: ddnmPlus, params: { ...params, variant: 'public-code' } }),
      prior: pixelPrior(given, scheduleOf(stated)),
      noise: stated.noise,
      legs: legsOf(stated),
    };
  },
);
