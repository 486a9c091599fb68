import { z } from 'zod';
import { ADM_MODELS, type AdmModelName, admConfigOf } from '../networks/adm-flags.ts';
import { admParameterShapes, admUnet } from '../networks/adm-unet.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { openWeightFile } from '../networks/weight-file.ts';
import { loadWeights } from '../networks/weights.ts';
import { ddpmBetas, splitOutput } from './ddpm.ts';
import { localPath } from './local-path.ts';
import { definePrior } from './prior-kind.ts';

const MODELS = Object.keys(ADM_MODELS) as [AdmModelName, ...AdmModelName[]];

/** Of all public ADM models: diffusion_config.yaml of DPS. */
const BETAS = {
  beta_schedule: 'linear',
  beta_start: 0.0001,
  beta_end: 0.02,
  num_train_timesteps: 1000,
} as const;

const configOf = (model: AdmModelName | Record<string, unknown>) =>
  admConfigOf(model, 'guided-diffusion: model');

export default definePrior({
  name: 'guided-diffusion',
  version: 1,
  description: 'unconditional ADM pixel model (OpenAI guided-diffusion) from a .pt or .safetensors file',
  space: 'pixel',
  params: z.strictObject({
    path: localPath('file or name of weights: ffhq_10m.pt, 256x256_diffusion_uncond.pt or your own'),
    model: z
      .union([z.enum(MODELS), z.record(z.string(), z.unknown())])
      .describe(
        "which network it holds, or the flags of guided-diffusion's scripts (model_config.yaml of DPS)",
      ),
    toy: z.boolean().default(false).describe('label its results as toy results'),
  }),
  async inspect({ path, model, toy }) {
    const { image_size: side } = configOf(model);
    openWeightFile(path).close();
    return {
      imageShape: [3, side, side],
      weightsSha256: fileSha256(path),
      toy,
      trainingSteps: BETAS.num_train_timesteps,
    };
  },
  async open({ path, model, toy }, makeConstant) {
    const config = configOf(model);
    const weights = loadWeights(path, admParameterShapes(config), makeConstant);
    return {
      space: 'pixel',
      name: 'guided-diffusion',
      toy,
      imageShape: [3, config.image_size, config.image_size],
      betas: ddpmBetas(BETAS),
      weightsSha256: fileSha256(path),
      predict: (x, t) => splitOutput(admUnet(weights.params, config, x, t, null)),
      dispose: () => weights.dispose(),
    };
  },
});
