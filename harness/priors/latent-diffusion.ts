import { border } from '../engine/border.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { decodeLatent, encodeMoments } from '../networks/autoencoder-kl.ts';
import { clipText, embedTokens } from '../networks/clip-text.ts';
import { decodeInTiles } from '../networks/tiled-decoding.ts';
import { unet2dCondition } from '../networks/unet2d-condition.ts';
import { loadWeights, type MakeConstant } from '../networks/weights.ts';
import { noiseFromVelocity } from './ddim.ts';
import { hashDiffusersFolder, latentFactor } from './diffusers-folder.ts';
import { type FolderNetwork, networksOf } from './diffusers-networks.ts';
import { type LatentModelOptions, readLatentModel } from './latent-model.ts';
import type { LatentPrior } from './prior.ts';

/** How a model folder is used. */
export interface LatentDiffusionOptions extends LatentModelOptions {
  /** The prior's name in results. */
  readonly name: string;
  readonly toy: boolean;
}

/** Loads a text-conditioned latent diffusion model from a folder in diffusers' layout. Throws UserError. */
export function openLatentDiffusion(
  folder: string,
  { name, toy, ...options }: LatentDiffusionOptions,
  makeConstant: MakeConstant,
): LatentPrior {
  const { clipSkip = 0, tile = null } = options;
  const model = readLatentModel(folder, options);
  const { schedule, imageShape, latentShape, tokenizer, ...configs } = model;
  const factor = latentFactor(configs.vae);
  const load = ({ path, expected: { specs, ...options } }: FolderNetwork) =>
    loadWeights(path, specs, makeConstant, options);
  const networks = networksOf(model);
  const [unet, vae, text] = [load(networks.unet), load(networks.vae), load(networks.text)];
  const alphasCumprod =
    schedule.predictionType === 'v_prediction'
      ? makeConstant(Float32Array.from(schedule.alphasCumprod), [schedule.numTrainTimesteps])
      : null;
  const denoiseHere = ({ z, t, c }: Record<'z' | 't' | 'c', Tensor>) =>
    unet2dCondition(unet.params, configs.unet, z, t, c);
  const denoise = unet.mapped ? border(denoiseHere, ['z', 'c']) : denoiseHere;
  const scale = configs.vae.scaling_factor;
  const decodeWhole = (z: Tensor) => decodeLatent(vae.params, configs.vae, z);

  return {
    space: 'latent',
    name,
    toy,
    imageShape,
    latentShape,
    schedule,
    weightsSha256: hashDiffusersFolder(folder, options),
    predict(z, t, c) {
      const output = denoise({ z, t, c });
      return { noise: alphasCumprod ? velocityToNoise(z, t, output, alphasCumprod) : output };
    },
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
    embed(prompts) {
      const ids = tf.tensor2d(tokenizer.encode(prompts), [prompts.length, tokenizer.length], 'int32');
      return clipText(text.params, configs.textEncoder, embedTokens(text.params, ids), clipSkip);
    },
    dispose() {
      for (const weights of [unet, vae, text]) weights.dispose();
      alphasCumprod?.dispose();
    },
  };
}

/** Makes noise predictions of a velocity model's outputs [B,c,h,w] at t: alpha-bar is looked up inside the graph. */
function velocityToNoise(z: Tensor, t: Tensor, velocity: Tensor, alphasCumprod: Tensor): Tensor {
  const alphaBar = tf.gather(alphasCumprod, tf.cast(tf.reshape(t, [-1]), 'int32'));
  return noiseFromVelocity(z, velocity, tf.reshape(alphaBar, [-1, 1, 1, 1]));
}
