import { z } from 'zod';
import { UserError } from '../errors.ts';
import { admParameterShapes, admUnet } from '../networks/adm-unet.ts';
import { loadWeights, refuseOtherWeights } from '../networks/load-weights.ts';
import { MODELS, sourceOf } from './adm-source.ts';
import { hashWith, openUnknown, shapeOfUnknown, unknownPath, unknownSources } from './adm-unknowns.ts';
import { discreteSchedule } from './ddim.ts';
import { ddpmBetas, splitOutput } from './ddpm.ts';
import { localPath } from './local-path.ts';
import { definePrior } from './prior-kind.ts';
import { randomWeights } from './random-weights.ts';
import { scheduleFromConfig, schedulerConfigSchema } from './schedule.ts';

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
    kernel: unknownPath('blur kernels'),
    tilt: unknownPath("turbulence's tilts"),
    toy: z.boolean().default(false).describe('label its results as toy results'),
    random: randomWeights,
  }),
  async inspect({ path, model, section, toy, ...unknowns }) {
    const { config, weights, sha256 } = sourceOf(path, model);
    if (config.in_channels !== 3)
      throw new UserError(
        `guided-diffusion: model: ${path} is a network of ${config.in_channels} channels; expected 3`,
      );
    refuseOtherWeights(weights, { specs: admParameterShapes(config), section });
    const others = unknownSources(unknowns);
    return {
      imageShape: [3, config.image_size, config.image_size],
      weightsSha256: hashWith(sha256(), others),
      toy,
      schedule: SCHEDULE,
      parts: ['pixels', 'learnedVariance'],
      unknowns: Object.fromEntries(others.map(([name, source]) => [name, shapeOfUnknown(source)])),
    };
  },
  async open({ path, model, section, ...others }, makeConstant) {
    const { config, weights: file } = sourceOf(path, model);
    const weights = loadWeights(file, admParameterShapes(config), makeConstant, { section });
    const unknowns = Object.fromEntries(
      unknownSources(others).map(([name, source]) => [name, openUnknown(source, makeConstant)]),
    );
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
      unknowns,
      dispose() {
        weights.dispose();
        for (const unknown of Object.values(unknowns)) unknown.dispose();
      },
    };
  },
});
