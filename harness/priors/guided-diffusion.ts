import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import type { AdmConfig } from '../networks/adm-config.ts';
import { ADM_MODELS, type AdmModelName, admConfigOf } from '../networks/adm-flags.ts';
import { admParameterShapes, admUnet } from '../networks/adm-unet.ts';
import { fileSha256 } from '../networks/file-hash.ts';
import { loadWeights, refuseOtherWeights } from '../networks/load-weights.ts';
import { openTensorFile } from '../networks/tensor-file.ts';
import { ADM_FOLDER, hashAdmFolder, readAdmConfig } from './adm-folder.ts';
import { discreteSchedule } from './ddim.ts';
import { ddpmBetas, splitOutput } from './ddpm.ts';
import { localPath } from './local-path.ts';
import { definePrior } from './prior-kind.ts';
import { scheduleFromConfig, schedulerConfigSchema } from './schedule.ts';

const MODELS = Object.keys(ADM_MODELS) as [AdmModelName, ...AdmModelName[]];

/** Of all public ADM models: diffusion_config.yaml of DPS. */
const BETAS = {
  beta_schedule: 'linear',
  beta_start: 0.0001,
  beta_end: 0.02,
  num_train_timesteps: 1000,
} as const;
const SCHEDULE = scheduleFromConfig(schedulerConfigSchema.parse(BETAS));
/** The same as betas, float64: what such models are trained by. */
export const ADM_BETAS: Float64Array = ddpmBetas(BETAS);

/** What a folder says itself, and the parameter `model` of a file of weights. */
interface Source {
  readonly config: AdmConfig;
  readonly weights: string;
  sha256(): string;
}

function sourceOf(path: string, model: AdmModelName | Record<string, unknown> | null): Source {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (!folder && model !== null) {
    const config = admConfigOf(model, 'guided-diffusion: model');
    return { config, weights: path, sha256: () => fileSha256(path) };
  }
  if (folder && model === null) {
    const weights = join(path, ADM_FOLDER.weights);
    return { config: readAdmConfig(path), weights, sha256: () => hashAdmFolder(path) };
  }
  if (folder) {
    throw new UserError(
      `guided-diffusion: model: ${path} is a folder, whose ${ADM_FOLDER.flags} says which network it holds; expected no model`,
    );
  }
  openTensorFile(path).close();
  throw new UserError(
    `guided-diffusion: model: found nothing; a file of weights does not say which network it holds: expected ${MODELS.join(', ')} or flags`,
  );
}

export default definePrior({
  name: 'guided-diffusion',
  version: 1,
  description:
    'unconditional ADM pixel model (OpenAI guided-diffusion) from a .pt or .safetensors file, or a folder',
  params: z.strictObject({
    path: localPath(
      'file or name of weights (ffhq_10m.pt, 256x256_diffusion_uncond.pt, your own), or a folder of model_config.json and model.safetensors',
    ),
    model: z
      .union([z.enum(MODELS), z.record(z.string(), z.unknown())])
      .nullable()
      .default(null)
      .describe(
        "which network a file holds, or the flags of guided-diffusion's scripts (model_config.yaml of DPS); null: the folder says it",
      ),
    // Optional, not null by default: keys of results that were stored before it came do not change.
    section: z
      .string()
      .min(1)
      .optional()
      .describe('which dictionary of a checkpoint that has several: model_ema, ema.shadow'),
    toy: z.boolean().default(false).describe('label its results as toy results'),
  }),
  async inspect({ path, model, section, toy }) {
    const { config, weights, sha256 } = sourceOf(path, model);
    refuseOtherWeights(weights, { specs: admParameterShapes(config), section });
    return {
      imageShape: [3, config.image_size, config.image_size],
      weightsSha256: sha256(),
      toy,
      schedule: SCHEDULE,
      parts: ['pixels', 'learnedVariance'],
    };
  },
  async open({ path, model, section }, makeConstant) {
    const { config, weights: file } = sourceOf(path, model);
    const weights = loadWeights(file, admParameterShapes(config), makeConstant, { section });
    const shape = [3, config.image_size, config.image_size] as const;
    return {
      name: 'guided-diffusion',
      imageShape: shape,
      shape,
      schedule: discreteSchedule(SCHEDULE),
      predicts: 'noise',
      learnedVariance: true,
      predict(x, t) {
        const { noise, variance } = splitOutput(admUnet(weights.params, config, x, t, null));
        return { value: noise, variance };
      },
      dispose: () => weights.dispose(),
    };
  },
});
