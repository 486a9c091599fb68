import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { check } from '../config/check.ts';
import { found, type Located, nodeAt } from '../config/located.ts';
import { readConfig } from '../config/read.ts';
import { UserError } from '../errors.ts';
import { ADM_FOLDER } from '../priors/adm-folder.ts';
import type { StartingPoint } from './weights.ts';

const common = z.strictObject({
  seed: z.number().int().default(0),
  batch: z.number().int().positive(),
  steps: z.number().int().positive(),
  learningRate: z.number().positive(),
  /** Steps of linear warm-up; a cosine to zero follows. */
  warmup: z.number().int().nonnegative().default(200),
  /** Decay of the exponential moving average whose weights are written. */
  ema: z.number().min(0).max(1).default(0.999),
  checkpointEvery: z.number().int().positive().default(500),
  logEvery: z.number().int().positive().default(20),
  /** Weights to start from in place of random ones: a folder like `model`, or its one file; relative to the YAML file. */
  from: z.string().optional(),
  /** Folder whose config.json files give the networks' shapes (a prior's: in diffusers' layout); relative to the YAML file. */
  model: z.string(),
  data: z.literal('toyfaces').default('toyfaces'),
});

const autoencoderSchema = common.extend({
  kind: z.literal('autoencoder'),
  /** Weight of the mean Kullback-Leibler divergence of the latent posterior, beside the mean squared error. */
  klWeight: z.number().nonnegative().default(1e-5),
});

const decoderSchema = common.extend({
  kind: z.literal('decoder'),
});

/** Share of captions replaced by the empty prompt, for classifier-free guidance. */
const captionDropout = z.number().min(0).max(1).default(0.1);

const latentDiffusionSchema = common.extend({
  kind: z.literal('latent-diffusion'),
  captionDropout,
});

const featuresSchema = common.extend({
  kind: z.literal('features'),
});

const pixelDiffusionSchema = common.extend({
  kind: z.literal('pixel-diffusion'),
  /** Weight of the variational bound beside the mean squared error of the noise: lambda of Nichol and Dhariwal (2021). */
  vlbWeight: z.number().nonnegative().default(0.001),
});

const textPixelSchema = common.extend({
  kind: z.literal('text-pixel'),
  captionDropout,
});

const clipSchema = common.extend({
  kind: z.literal('clip'),
  /** Pictures of a step; half of them are the others' neighbours. */
  batch: z.number().int().positive().multipleOf(2),
});

const noisedClipSchema = clipSchema.extend({ kind: z.literal('noised-clip') });

const clipImageSchema = clipSchema.extend({
  kind: z.literal('clip-image'),
  /** Folder of a trained CLIP, whose image tower stays as it is. */
  tower: z.string(),
  /** Folder of the prior whose text encoder stays as it is. */
  prior: z.string(),
});

const schemas = {
  autoencoder: autoencoderSchema,
  decoder: decoderSchema,
  'latent-diffusion': latentDiffusionSchema,
  features: featuresSchema,
  'pixel-diffusion': pixelDiffusionSchema,
  'text-pixel': textPixelSchema,
  clip: clipSchema,
  'noised-clip': noisedClipSchema,
  'clip-image': clipImageSchema,
} as const;

/** Keys that name folders relative to the YAML file, which come back absolute. */
const FOLDERS: readonly string[] = ['model', 'tower', 'prior'];

/** What the model folder must hold before training starts. */
const NEEDED = {
  autoencoder: ['vae/config.json', "a folder in diffusers' layout"],
  decoder: [
    'vae/diffusion_pytorch_model.safetensors',
    "a folder in diffusers' layout with a trained autoencoder",
  ],
  'latent-diffusion': ['vae/config.json', "a folder in diffusers' layout"],
  features: ['config.json', 'the folder of a trait network'],
  'pixel-diffusion': [ADM_FOLDER.flags, 'the folder of a pixel model'],
  'text-pixel': ['unet/config.json', "a folder in diffusers' layout"],
  clip: ['config.json', "a CLIPModel's folder in transformers' layout"],
  'noised-clip': ['config.json', "a folder like a CLIPModel's in transformers' layout"],
  'clip-image': ['config.json', "a CLIPModel's folder in transformers' layout"],
} as const;

export type AutoencoderTraining = z.infer<typeof autoencoderSchema>;
export type DecoderTraining = z.infer<typeof decoderSchema>;
export type LatentDiffusionTraining = z.infer<typeof latentDiffusionSchema>;
export type FeaturesTraining = z.infer<typeof featuresSchema>;
export type PixelDiffusionTraining = z.infer<typeof pixelDiffusionSchema>;
export type TextPixelTraining = z.infer<typeof textPixelSchema>;
export type ClipTraining = z.infer<typeof clipSchema>;
export type NoisedClipTraining = z.infer<typeof noisedClipSchema>;
export type ClipImageTraining = z.infer<typeof clipImageSchema>;
/** A training run: `tweedie train FILE`. */
export type TrainingConfig =
  | AutoencoderTraining
  | DecoderTraining
  | LatentDiffusionTraining
  | FeaturesTraining
  | PixelDiffusionTraining
  | TextPixelTraining
  | ClipTraining
  | NoisedClipTraining
  | ClipImageTraining;

/**
 * Reads a training config and where it starts from; folders come back as absolute paths. Throws UserError with file, line and column for
 * anything that is wrong in it.
 */
export function readTrainingConfig(file: string): { config: TrainingConfig; start: StartingPoint | null } {
  const { root } = readConfig(file);
  if (root.kind !== 'map')
    throw new UserError(`expected a training config, found ${found(root)}`, root.where);
  const kinds = Object.keys(schemas);
  if (!root.entries.has('kind')) {
    throw new UserError(`missing key "kind": expected one of ${kinds.join(', ')}`, root.where);
  }
  // The kind first: it says which keys there are.
  const kind = check(z.enum(kinds as (keyof typeof schemas)[]), nodeAt(root, ['kind']), 'kind');
  const config = check<z.ZodType<TrainingConfig>>(schemas[kind], root, '');
  const folder = resolve(dirname(file), config.model);
  const [needed, kindOfFolder] = NEEDED[kind];
  if (!existsSync(join(folder, needed))) {
    const where = nodeAt(root, ['model']).where;
    throw new UserError(`model: ${folder} has no ${needed}; expected ${kindOfFolder}`, where);
  }
  const absolute = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      FOLDERS.includes(key) ? resolve(dirname(file), String(value)) : value,
    ]),
  ) as TrainingConfig;
  return { config: absolute, start: startingPoint(file, config.from, root) };
}

function startingPoint(file: string, from: string | undefined, root: Located): StartingPoint | null {
  if (from === undefined) return null;
  const path = resolve(dirname(file), from);
  const { where } = nodeAt(root, ['from']);
  if (!existsSync(path)) throw new UserError(`from: there is no file or folder ${path}`, where);
  return { path, where };
}
