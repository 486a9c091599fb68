import { z } from 'zod';
import { openLatentDiffusion } from './latent-diffusion.ts';
import { inspectLatentModel } from './latent-model.ts';
import { localPath, optionalLocalPath } from './local-path.ts';
import { definePrior } from './prior-kind.ts';
import { randomWeights } from './random-weights.ts';

export default definePrior({
  name: 'stable-diffusion',
  version: 1,
  description: "Stable Diffusion 1.x or 2.x from a folder in diffusers' layout (safetensors)",
  params: z.strictObject({
    path: localPath('folder that holds model_index.json, or name of weights'),
    size: z.int().positive().nullable().default(null).describe('side of the images; null: as trained'),
    clipSkip: z
      .int()
      .min(0)
      .default(0)
      .describe("layers of the text encoder left out at its end (diffusers' clip_skip)"),
    tile: z
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe('decode in overlapping tiles of this side, for small memory; null: in one piece'),
    // Optional, not null by default: keys of results that were stored before these came do not change.
    variant: z
      .string()
      .regex(/^[\w-]+$/, 'expected a name such as fp16')
      .optional()
      .describe('which files of weights, where a network has them: fp16, non_ema'),
    scheduler: z
      .literal('ddim')
      .optional()
      .describe("read another scheduler's config as diffusers' DDIMScheduler.from_config does"),
    clip: optionalLocalPath("folder of a CLIPModel, or name of weights: the prompts' image tower, for treg"),
    /** For priors that are no evidence about natural images. */
    toy: z.boolean().default(false).describe('label its results as toy results'),
    random: randomWeights,
  }),
  inspect: async ({ path, toy, random: _, ...options }) => inspectLatentModel(path, options, toy),
  open: async ({ path, toy: _, random: __, ...options }, makeConstant) =>
    openLatentDiffusion(path, { name: 'stable-diffusion', ...options }, makeConstant),
});
