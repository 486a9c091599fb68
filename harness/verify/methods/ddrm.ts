import { z } from 'zod';
import { tf } from '../../engine/tf.ts';
import ddrm from '../../solvers/ddrm.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  /** Asked for; the code's grid can have one step more. */
  timesteps: z.int(),
  eta: z.number(),
  etaB: z.number(),
});

export const ddrmMethod = defineMethod(
  'ddrm',
  { ...pixelParams, variance_type: z.null(), clip_denoised: z.literal(false), parameters },
  (stated, given) => {
    const { eta, etaB } = stated.parameters;
    const landings = stated.timesteps_next;
    // The code draws in its own basis of the components, which its linear algebra chose; these are the same numbers as pictures.
    const noises = tf.unstack(given.tensor('noise_pixel')).filter((_, k) => landings[k]! >= 0);
    return {
      solver: ddrm,
      params: { steps: landings.length, eta, etaB, variant: 'public-code' },
      prior: pixelPrior(given, scheduleOf(stated)),
      noise: stated.noise,
      legs: legsOf(stated),
      startsAtXT: false,
      draws: [
        { at: 'x_T_pixel', values: given.tensor('x_T_pixel') },
        ...noises.map((values, k) => ({ at: `noise_pixel[${k}]`, values })),
      ],
    };
  },
);
