import { border } from '../engine/border.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { decodeLatent, encodeMoments } from '../networks/autoencoder-kl.ts';
import { clipText, embedTokens } from '../networks/clip-text.ts';
import { loadWeights, type MakeConstant } from '../networks/load-weights.ts';
import { decodeInTiles } from '../networks/tiled-decoding.ts';
import { unet2dCondition } from '../networks/unet2d-condition.ts';
import { openClipImage } from './clip-image.ts';
import { discreteSchedule } from './ddim.ts';
import { latentFactor } from './diffusers-folder.ts';
import { type FolderNetwork, networksOf } from './diffusers-networks.ts';
import { type LatentModelOptions, readLatentModel } from './latent-model.ts';
import type { PriorWith } from './prior.ts';

/** How a model folder is used. */
export interface LatentDiffusionOptions extends LatentModelOptions {
  /** The prior's name in results. */
  readonly name: string;
}

/** Loads a text-conditioned latent diffusion model from a folder in diffusers' layout. Throws UserError. */
export function openLatentDiffusion(
  folder: string,
  { name, ...options }: LatentDiffusionOptions,
  makeConstant: MakeConstant,
): PriorWith<'autoencoder' | 'text' | 'crossAttention'> {
  const { clipSkip = 0, tile = null, clip } = options;
  const model = readLatentModel(folder, options);
  const { schedule, imageShape, latentShape, tokenizer, ...configs } = model;
  const factor = latentFactor(configs.vae);
  const load = ({ path, expected: { specs, ...options } }: FolderNetwork) =>
    loadWeights(path, specs, makeConstant, options);
  const networks = networksOf(model);
  const [unet, vae, text] = [load(networks.unet), load(networks.vae), load(networks.text)];
  const image =
    clip === undefined ? null : openClipImage(clip, configs.textEncoder.hidden_size, makeConstant);
  const denoiseHere = ({ z, t, c }: Record<'z' | 't' | 'c', Tensor>) =>
    unet2dCondition(unet.params, configs.unet, z, t, c);
  const denoise = unet.mapped ? border(denoiseHere, ['z', 'c']) : denoiseHere;
  const scale = configs.vae.scaling_factor;
  const decodeWhole = (z: Tensor) => decodeLatent(vae.params, configs.vae, z);

  return {
    name,
    imageShape,
    shape: latentShape,
    schedule: discreteSchedule(schedule),
    predicts: schedule.predictionType === 'v_prediction' ? 'v' : 'noise',
    predict(z, t, c) {
      if (!c) throw new Error(`${name} takes prompts: predict(x, t, c) lacks c`);
      return { value: denoise({ z, t, c }) };
    },
    // No border: `attend` carries tensors from layer to layer; without gradients a graph of two passes takes little more memory.
    crossAttention: {
      predict: (z, t, attend) => ({ value: unet2dCondition(unet.params, configs.unet, z, t, attend) }),
    },
    autoencoder: {
      encode: (x) => tf.mul(encodeMoments(vae.params, configs.vae, x).mean, scale),
      encodeSample(x, gaussian) {
        const { mean, logvar } = encodeMoments(vae.params, configs.vae, x);
        return tf.mul(tf.add(mean, tf.mul(tf.exp(tf.div(logvar, 2)), gaussian)), scale);
      },
      decode(z) {
        const unscaled = tf.div(z, scale);
        return tile === null
          ? decodeWhole(unscaled)
          : decodeInTiles(decodeWhole, unscaled, { tile: tile / factor, factor });
      },
    },
    text: {
      embed(prompts) {
        const ids = tf.tensor2d(tokenizer.encode(prompts), [prompts.length, tokenizer.length], 'int32');
        return clipText(text.params, configs.textEncoder, embedTokens(text.params, ids), clipSkip);
      },
    },
    ...(image && { clipImage: image.clipImage }),
    dispose() {
      for (const weights of [unet, vae, text, image]) weights?.dispose();
    },
  };
}
