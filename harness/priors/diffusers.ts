import { z } from 'zod';
import { hashDiffusersFolder, readDiffusersFolder } from './diffusers-folder.ts';
import { openLatentDiffusion } from './latent-diffusion.ts';
import { definePrior } from './prior-kind.ts';

export default definePrior({
  name: 'diffusers',
  version: 1,
  description: "latent diffusion model from a folder in diffusers' layout (safetensors)",
  params: z.strictObject({
    path: z.string().describe('folder that holds model_index.json'),
    /** For priors that are no evidence about natural images. */
    toy: z.boolean().default(false).describe('label its results as toy results'),
  }),
  inspect: async ({ path, toy }) => ({
    imageShape: readDiffusersFolder(path).imageShape,
    weightsSha256: hashDiffusersFolder(path),
    toy,
  }),
  open: async ({ path, toy }, makeConstant) =>
    openLatentDiffusion(path, { name: 'diffusers', toy }, makeConstant),
});
