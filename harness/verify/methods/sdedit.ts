import { z } from 'zod';
import sdedit from '../../solvers/sdedit.ts';
import { pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  /** Noise levels, of those of the schedule. */
  t: z.int(),
  sample_step: z.int(),
});

export const sdeditMethod = defineMethod(
  'sdedit',
  { ...pixelParams, variance_type: z.literal('fixedsmall'), clip_denoised: z.literal(false), parameters },
  (stated, given) => {
    const { t, sample_step: repeats } = stated.parameters;
    const steps = stated.schedule.num_train_timesteps;
    return {
      solver: sdedit,
      params: { steps, t0: t / steps, repeats },
      prior: pixelPrior(given, scheduleOf(stated)),
      noise: stated.noise,
      // Its own grid: t and sample_step say the times.
      startsAtXT: false,
      // The guide is a whole picture, also where it is to be edited.
      given: (guide, A) => ({ y: guide, A: { ...A, pseudoInverse: (y) => y } }),
    };
  },
);
