import { z } from 'zod';
import ilvr from '../../solvers/ilvr.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

/** `down_N` is the operator's factor. */
const parameters = z.strictObject({ down_N: z.int(), range_t: z.int() });

export const ilvrMethod = defineMethod(
  'ilvr',
  { ...pixelParams, clip_denoised: z.literal(true), parameters },
  (stated, given) => ({
    solver: ilvr,
    params: {
      steps: stated.timesteps.length,
      freeSteps: stated.parameters.range_t + 1,
      noisedTo: 'start',
    },
    prior: pixelPrior(given, scheduleOf(stated)),
    noise: stated.noise,
    legs: legsOf(stated),
    // The code is given the reference itself and reduces it.
    given: (reference, A) => ({ y: A.forward(reference), A }),
  }),
);
