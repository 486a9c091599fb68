import { join } from 'node:path';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../package-root.ts';
import guidedDiffusion from './guided-diffusion.ts';
import { definePrior } from './prior-kind.ts';

/** The committed model's folder: model_config.json and model.safetensors. */
const FOLDER = { path: join(PACKAGE_ROOT, 'harness/priors/embedded-pixel'), toy: true };

export default definePrior({
  name: 'embedded-pixel',
  version: 1,
  description:
    'small unconditional pixel model (ADM, learned variance) of toyfaces at 64x64, part of the package; a toy',
  params: z.strictObject({}),
  inspect: async () => ({
    ...(await guidedDiffusion.inspect(guidedDiffusion.params.parse(FOLDER))),
    trainedOn: { set: 'toyfaces', split: 'train' },
  }),
  open: async (_params, makeConstant) => ({
    ...(await guidedDiffusion.open(guidedDiffusion.params.parse(FOLDER), makeConstant)),
    name: 'embedded-pixel',
  }),
});
