import { z } from 'zod';
import treg from '../../solvers/treg.ts';
import { clipImage, indexedScheduleOf, latentPrior, legsOf } from '../case-priors.ts';
import { defineMethod, latentParams } from '../solver-case.ts';

const parameters = z.strictObject({
  num_sampling: z.int(),
  /** The public code takes 1 for the null text alone. */
  cfg_guidance: z.number().refine((w) => w !== 1, 'expected another guidance than 1'),
  cg_lamb: z.number(),
  cg_iterations: z.int(),
  /** Where the public code stops early; further iterations change nothing there. */
  cg_tolerance: z.number(),
  data_step_every: z.int(),
  data_step_before: z.int(),
  use_AN: z.boolean(),
  null_lr: z.number().nullable(),
  null_iterations: z.int().nullable(),
  use_DPS: z.boolean(),
  /** null: the root of abar where the step lands. */
  dps_lamb: z.null(),
  /** The autoencoder's own, in its config. */
  scaling_factor: z.literal(0.18215),
  encode: z.literal('sample'),
  /** The image tower's own side. */
  clip_resize: z.int().nullable(),
});

export const tregMethod = defineMethod('treg', { ...latentParams, parameters }, (stated, given) => {
  const p = stated.parameters;
  return {
    solver: treg,
    params: {
      steps: p.num_sampling,
      prompt: 'c',
      cfgScale: p.cfg_guidance,
      dataEvery: p.data_step_every,
      dataBefore: p.data_step_before,
      cgSteps: p.cg_iterations,
      cgLambda: p.cg_lamb,
      ...(p.null_iterations !== null && { nullSteps: p.null_iterations }),
      ...(p.null_lr !== null && { nullLr: p.null_lr }),
      between: p.use_DPS ? 'dps' : 'ddim',
    },
    prior: {
      ...latentPrior(given, indexedScheduleOf(stated)),
      ...(p.use_AN && { clipImage: clipImage(given) }),
    },
    legs: legsOf(stated),
    recordsOnePicture: true,
  };
});
