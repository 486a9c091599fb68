import { z } from 'zod';
import pigdm from '../../solvers/pigdm.ts';
import { legsOf, pixelPrior, scheduleOf } from '../case-priors.ts';
import { defineMethod, pixelParams } from '../solver-case.ts';

const parameters = z.strictObject({
  awd: z.boolean(),
  cond_awd: z.literal(false),
  grad_term_weight: z.number(),
  eta: z.number(),
  mcg: z.literal(false),
  /** Of the times, which the case lists. */
  num_steps: z.int(),
  start_step: z.int(),
  end_step: z.literal(0),
});

/** As RED-diff's repository has it. */
export const pgdmMethod = defineMethod(
  'pgdm',
  { ...pixelParams, clip_denoised: z.literal(false), parameters },
  (stated, given) => ({
    solver: pigdm,
    params: {
      steps: stated.timesteps.length,
      eta: stated.parameters.eta,
      scale: stated.parameters.grad_term_weight,
      guides: stated.parameters.awd ? 'estimate' : 'estimate-and-noise',
      inverse: 'plain',
      start: 'measurement',
      keepsMeasured: stated.operator.operator === 'inpainting',
    },
    prior: pixelPrior(given, scheduleOf(stated)),
    noise: stated.noise,
    legs: legsOf(stated),
    startsAtXT: false,
  }),
);
