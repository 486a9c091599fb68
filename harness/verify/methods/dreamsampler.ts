import { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import dreamsampler from '../../solvers/dreamsampler.ts';
import dreamsamplerEdit from '../../solvers/dreamsampler-edit.ts';
import { indexedScheduleOf, latentPrior, legsOf } from '../case-priors.ts';
import { onTheWayDown } from '../inversion-cases.ts';
import { commonParams, defineMethod, latentParams } from '../solver-case.ts';

const common = {
  num_sampling: z.int(),
  /** The autoencoder's own, in its config. */
  scaling_factor: z.literal(0.18215),
  encode: z.literal('sample'),
  inversion_cfg_guidance: z.literal(0),
};

const inpaint = z.strictObject({
  ...common,
  mode: z.literal('inpaint'),
  cg_lamb: z.number(),
  cg_iterations: z.int(),
  /** Where the public code stops early; further iterations change nothing there. */
  cg_tolerance: z.number(),
  data_step_every: z.int(),
  data_step_before: z.int(),
  dps_weight: z.literal('sqrt_alphas_cumprod_next'),
});

const edit = z.strictObject({
  ...common,
  mode: z.literal('edit'),
  cfg_guidance: z.number(),
  cfg_schedule: z.literal('alphas_cumprod'),
});

export const dreamsamplerMethod = defineMethod(
  'dreamsampler',
  {
    ...latentParams,
    /** None where a picture is edited. */
    operator: commonParams.operator.nullable(),
    parameters: z.discriminatedUnion('mode', [inpaint, edit]),
    inversion_timesteps: z.array(z.int()),
  },
  (stated, given) => {
    const p = stated.parameters;
    const schedule = indexedScheduleOf(stated);
    const prior = latentPrior(given, schedule, { c: 'c_target', latents: 'draws.0000' });
    const common = {
      // The solver walks them twice: up, then down.
      prior: { ...prior, schedule: { ...schedule, legs: () => legsOf(stated) } },
      recordsOnePicture: true,
      startsAtXT: false,
      watched: onTheWayDown,
    } as const;
    return p.mode === 'edit'
      ? {
          ...common,
          solver: dreamsamplerEdit,
          params: { steps: p.num_sampling, guidance: p.cfg_guidance },
          of: 'x_src',
          posed: ({ y }: { readonly y: Tensor }) => ({ x: y, captions: ['c'], targets: ['c_target'] }),
        }
      : {
          ...common,
          solver: dreamsampler,
          params: {
            steps: p.num_sampling,
            prompt: 'c_target',
            dataEvery: p.data_step_every,
            dataBefore: p.data_step_before,
            cgSteps: p.cg_iterations,
            cgLambda: p.cg_lamb,
          },
        };
  },
);
