import { z } from 'zod';
import { border } from '../engine/border.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { admUnet } from '../networks/adm-unet.ts';
import { decodeVq, encodeVq } from '../networks/autoencoder-vq.ts';
import { loadWeights, refuseOtherWeights } from '../networks/load-weights.ts';
import {
  COMPVIS_MODELS,
  type CompvisModelName,
  type LatentDiffusionConfig,
  pictureShape,
} from './compvis-config.ts';
import { compvisNetworks, compvisSource } from './compvis-source.ts';
import { discreteSchedule } from './ddim.ts';
import { localPath } from './local-path.ts';
import { definePrior } from './prior-kind.ts';
import { randomWeights } from './random-weights.ts';
import { type NoiseSchedule, scheduleFromConfig, schedulerConfigSchema } from './schedule.ts';

const MODELS = Object.keys(COMPVIS_MODELS) as [CompvisModelName, ...CompvisModelName[]];

/** What CompVis calls linear: evenly spaced square roots of betas. Its DDIM walks times 1, 1 + T/N, ... and ends at abar_0. */
function scheduleOf({ linear_start, linear_end, timesteps }: LatentDiffusionConfig): NoiseSchedule {
  return scheduleFromConfig(
    schedulerConfigSchema.parse({
      beta_schedule: 'scaled_linear',
      beta_start: linear_start,
      beta_end: linear_end,
      num_train_timesteps: timesteps,
      steps_offset: 1,
      set_alpha_to_one: false,
    }),
  );
}

export default definePrior({
  name: 'compvis-ldm',
  version: 1,
  description:
    'unconditional latent diffusion model with a VQ autoencoder (CompVis latent-diffusion) from a .ckpt or .safetensors file, or a folder',
  params: z.strictObject({
    path: localPath(
      'file or name of weights, or a folder of config.yaml and model.safetensors or model.ckpt',
    ),
    model: z
      .enum(MODELS)
      .nullable()
      .default(null)
      .describe('which model a file holds; null: the folder says it'),
    ema: z
      .boolean()
      .default(false)
      .describe(
        "the U-Net's averaged weights, as CompVis samples with; false: the last, as ReSample's code loads",
      ),
    quantise: z
      .boolean()
      .default(true)
      .describe(
        "decode each latent's nearest entry of the codebook; false: the latent itself (force_not_quantize)",
      ),
    toy: z.boolean().default(false).describe('label its results as toy results'),
    random: randomWeights,
  }),
  async inspect({ path, model, ema, toy }) {
    const { config, weights, sha256 } = compvisSource(path, model);
    for (const expected of Object.values(compvisNetworks(config, ema))) refuseOtherWeights(weights, expected);
    return {
      imageShape: pictureShape(config),
      weightsSha256: sha256(),
      toy,
      schedule: scheduleOf(config),
      parts: ['autoencoder'],
    };
  },
  async open({ path, model, ema, quantise }, makeConstant) {
    const { config, weights: file } = compvisSource(path, model);
    const networks = compvisNetworks(config, ema);
    const unet = loadWeights(file, networks.unet.specs, makeConstant, networks.unet);
    const vq = loadWeights(file, networks.vq.specs, makeConstant, networks.vq);
    const { channels, image_size: side, scale_factor: scale } = config;
    const unetConfig = config.unet_config.params;
    const vqConfig = config.first_stage_config.params;
    const denoiseHere = ({ z, t }: Record<'z' | 't', Tensor>) => admUnet(unet.params, unetConfig, z, t, null);
    const denoise = unet.mapped ? border(denoiseHere, ['z']) : denoiseHere;
    const encode = (x: Tensor) => tf.mul(encodeVq(vq.params, vqConfig, x), scale);
    return {
      name: 'compvis-ldm',
      imageShape: pictureShape(config),
      shape: [channels, side, side],
      schedule: discreteSchedule(scheduleOf(config)),
      predicts: 'noise',
      predict: (z, t) => ({ value: denoise({ z, t }) }),
      autoencoder: {
        encode,
        // A codebook's encoder has no variance.
        encodeSample: encode,
        decode: (z) => decodeVq(vq.params, vqConfig, tf.div(z, scale), quantise),
      },
      dispose() {
        for (const weights of [unet, vq]) weights.dispose();
      },
    };
  },
});
