import { z } from 'zod';
import { inspectDiffusersFolder, openLatentDiffusion } from './latent-diffusion.ts';
import { localPath } from './local-path.ts';
import { definePrior } from './prior-kind.ts';

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
    /** For priors that are no evidence about natural images. */
    toy: z.boolean().default(false).describe('label its results as toy results'),
  }),
  async inspect({ path, size, toy }) {
    return { ...inspectDiffusersFolder(path, size), toy };
  },
  open: async ({ path, ...options }, makeConstant) =>
    openLatentDiffusion(path, { name: 'stable-diffusion', ...options }, makeConstant),
});
