import { join } from 'node:path';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../package-root.ts';
import { openLatentDiffusion } from './latent-diffusion.ts';
import { inspectLatentModel } from './latent-model.ts';
import { definePrior } from './prior-kind.ts';

/** The committed model's folder, in diffusers' layout. */
export const EMBEDDED_FOLDER: string = join(PACKAGE_ROOT, 'harness/priors/embedded');

export default definePrior({
  name: 'embedded',
  version: 1,
  description:
    'small text-conditioned latent diffusion model of toyfaces at 64x64, part of the package; a toy',
  params: z.strictObject({}),
  inspect: async () => ({
    ...(await inspectLatentModel(EMBEDDED_FOLDER, {}, true)),
    trainedOn: { set: 'toyfaces', split: 'train' },
  }),
  open: async (_params, makeConstant) =>
    openLatentDiffusion(EMBEDDED_FOLDER, { name: 'embedded' }, makeConstant),
});
