import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import dreamsampler from '../../solvers/dreamsampler.ts';
import { indexedScheduleOf, latentPrior, legsOf } from '../case-priors.ts';
import { defineMethod, latentParams } from '../solver-case.ts';

const parameters = z.strictObject({
  mode: z.literal('inpaint'),
  cg_lamb: z.number(),
  cg_iterations: z.int(),
  /** Where the public code stops early; further iterations change nothing there. */
  cg_tolerance: z.number(),
  data_step_every: z.int(),
  data_step_before: z.int(),
  inversion_cfg_guidance: z.literal(0),
  num_sampling: z.int(),
  /** The autoencoder's own, in its config. */
  scaling_factor: z.literal(0.18215),
  encode: z.literal('sample'),
  dps_weight: z.literal('sqrt_alphas_cumprod_next'),
});

export const dreamsamplerMethod = defineMethod(
  'dreamsampler',
  { ...latentParams, parameters, inversion_timesteps: z.array(z.int()) },
  (stated, given) => {
    const p = stated.parameters;
    const schedule = indexedScheduleOf(stated);
    const prior = latentPrior(given, schedule, { c: 'c_target', latents: 'draws.0000' });
    return {
      solver: dreamsampler,
      params: {
        steps: p.num_sampling,
        prompt: 'c_target',
        dataEvery: p.data_step_every,
        dataBefore: p.data_step_before,
        cgSteps: p.cg_iterations,
        cgLambda: p.cg_lamb,
      },
      // The solver walks them twice: up, then down.
      prior: { ...prior, schedule: { ...schedule, legs: () => legsOf(stated) } },
      recordsOnePicture: true,
      startsAtXT: false,
      watched: ({ z, z0 }, { t, next }) => (next > t ? null : { x: z as Tensor, x0: z0 as Tensor }),
    };
  },
);
