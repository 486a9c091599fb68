import { z } from 'zod';

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
});

/** A training run: `tweedie train FILE`. Network shapes are those of the config.json files in `model`. */
export const trainingSchema = z.discriminatedUnion('kind', [
  common.extend({
    kind: z.literal('autoencoder'),
    /** Folder in diffusers' layout; relative to the YAML file. */
    model: z.string(),
    data: z.literal('toyfaces').default('toyfaces'),
    /** Weight of the mean Kullback-Leibler divergence of the latent posterior, beside the mean squared error. */
    klWeight: z.number().nonnegative().default(1e-5),
  }),
  common.extend({
    kind: z.literal('latent-diffusion'),
    model: z.string(),
    data: z.literal('toyfaces').default('toyfaces'),
    /** Share of captions replaced by the empty prompt, for classifier-free guidance. */
    captionDropout: z.number().min(0).max(1).default(0.1),
  }),
]);

export type TrainingConfig = z.infer<typeof trainingSchema>;
export type AutoencoderTraining = Extract<TrainingConfig, { kind: 'autoencoder' }>;
export type LatentDiffusionTraining = Extract<TrainingConfig, { kind: 'latent-diffusion' }>;
