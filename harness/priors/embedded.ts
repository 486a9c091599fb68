import { join } from 'node:path';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../package-root.ts';
import { hashDiffusersFolder, readDiffusersFolder } from './diffusers-folder.ts';
import { openLatentDiffusion } from './latent-diffusion.ts';
import { definePrior } from './prior-kind.ts';

/** The committed model's folder, in diffusers' layout. */
export const EMBEDDED_FOLDER: string = join(PACKAGE_ROOT, 'harness/priors/embedded');

export default definePrior({
  name: 'embedded',
  version: 1,
  description:
    'small text-conditioned latent diffusion model of toyfaces at 64x64, part of the package; a toy',
  params: z.strictObject({}),
  async inspect() {
    const { imageShape, schedule } = readDiffusersFolder(EMBEDDED_FOLDER);
    return {
      imageShape,
      schedule,
      weightsSha256: hashDiffusersFolder(EMBEDDED_FOLDER),
      toy: true,
      parts: ['autoencoder', 'text'],
    };
  },
  open: async (_params, makeConstant) =>
    openLatentDiffusion(EMBEDDED_FOLDER, { name: 'embedded' }, makeConstant),
});
