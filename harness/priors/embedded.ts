import { join } from 'node:path';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../package-root.ts';
import { openLatentDiffusion } from './latent-diffusion.ts';
import { inspectLatentModel } from './latent-model.ts';
import { definePrior } from './prior-kind.ts';

/** The committed model's folder, in diffusers' layout. */
export const EMBEDDED_FOLDER: string = join(PACKAGE_ROOT, 'harness/priors/embedded');
/** A CLIPModel's folder: its image tower's features lie among the tokens of the model's text encoder. */
export const CLIP_FOLDER: string = join(EMBEDDED_FOLDER, 'clip');

export default definePrior({
  name: 'embedded',
  version: 1,
  description:
    'small text-conditioned latent diffusion model of toyfaces at 64x64, part of the package; a toy',
  params: z.strictObject({
    // Optional, not false by default: keys of results that were stored before it came do not change.
    clip: z
      .literal(true)
      .optional()
      .describe("with a CLIP image tower among its text encoder's tokens, for TReg's adaptive negation"),
  }),
  inspect: async ({ clip }) => ({
    ...(await inspectLatentModel(EMBEDDED_FOLDER, { clip: clip && CLIP_FOLDER }, true)),
    trainedOn: { set: 'toyfaces', split: 'train' },
  }),
  open: async ({ clip }, makeConstant) =>
    openLatentDiffusion(EMBEDDED_FOLDER, { name: 'embedded', clip: clip && CLIP_FOLDER }, makeConstant),
});
