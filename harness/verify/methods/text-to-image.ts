/** What the public code of CFG++ states of its samplers, under its own guidance and under CFG, and what that is here. */
import { z } from 'zod';
import { indexedScheduleOf, latentPrior, legsOf, scheduleOf } from '../case-priors.ts';
import type { Given } from '../given.ts';
import { latentParams, type SolverRun } from '../solver-case.ts';

const common = {
  cfg_guidance: z.number(),
  num_sampling: z.int(),
  /** That of the autoencoder's config. */
  scaling_factor: z.number(),
};

const onTimes = z.strictObject({ ...common, sampler: z.literal('ddim') });

const onLevels = z.strictObject({
  ...common,
  sampler: z.enum(['euler', 'euler_ancestral', 'dpmpp_2s_ancestral', 'dpmpp_2m']),
  rho: z.literal(7),
  /** The factor of x_T, which follows from the highest level. */
  x_T_scale: z.number(),
});

export const textToImageParams = {
  ...latentParams,
  alpha_index: latentParams.alpha_index.default([]),
  alpha_index_next: latentParams.alpha_index_next.default([]),
  timesteps_next: z.array(z.int().nullable()),
  operator: z.null(),
  parameters: z.discriminatedUnion('sampler', [onTimes, onLevels]),
  /** Levels and their times follow from the parameters. */
  sigmas: z.array(z.number()).optional(),
  midpoint_timesteps: z.array(z.int().nullable()).optional(),
};
type Stated = z.infer<z.ZodObject<typeof textToImageParams>>;

/** The run but for its guidance: the caption is the case's c, the null prompt its u. */
export function textToImage(
  stated: Stated,
  given: Given,
): Omit<SolverRun, 'solver'> & { readonly params: { readonly steps: number; readonly sampler: string } } {
  const { sampler, num_sampling: steps } = stated.parameters;
  const common = {
    params: { steps, sampler: sampler.replaceAll('_', '-') },
    of: 'x_T',
    recordsOnePicture: true,
    posed: () => ({ captions: ['c'] }),
  } as const;
  if (sampler !== 'ddim') return { ...common, prior: latentPrior(given, scheduleOf(stated)) };
  const walked = { ...stated, timesteps_next: stated.timesteps_next.map((next) => next ?? -1) };
  return { ...common, prior: latentPrior(given, indexedScheduleOf(walked)), legs: legsOf(walked) };
}
