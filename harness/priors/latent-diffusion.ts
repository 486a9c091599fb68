import { border } from '../engine/border.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { autoencoderParameterShapes, decodeLatent, encodeMoments } from '../networks/autoencoder-kl.ts';
import { currentAutoencoderName } from '../networks/autoencoder-names.ts';
import { clipText, clipTextParameterShapes, embedTokens } from '../networks/clip-text.ts';
import type { ClipTextConfig } from '../networks/clip-text-config.ts';
import { openTokenizer } from '../networks/open-tokenizer.ts';
import { decodeInTiles, TILE_MULTIPLE } from '../networks/tiled-decoding.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import { unet2dCondition, unetParameterShapes } from '../networks/unet2d-condition.ts';
import { loadWeights, type MakeConstant } from '../networks/weights.ts';
import { noiseFromVelocity } from './ddim.ts';
import { hashDiffusersFolder, latentFactor, readDiffusersFolder } from './diffusers-folder.ts';
import type { LatentPrior } from './prior.ts';
import type { PriorFacts } from './prior-kind.ts';

/** How a model folder is used. */
export interface LatentDiffusionOptions {
  /** The prior's name in results. */
  readonly name: string;
  readonly toy: boolean;
  /** Side of the images in pixels; null: what the U-Net was trained for. */
  readonly size?: number | null;
  /** Last layers of the text encoder to leave out. */
  readonly clipSkip?: number;
  /** Side in pixels of the tiles that are decoded one by one; null: in one piece. */
  readonly tile?: number | null;
}

/** What a plan must know of such a folder. Throws UserError. */
export function inspectDiffusersFolder(folder: string, size: number | null = null): Omit<PriorFacts, 'toy'> {
  const { files, imageShape, schedule } = readDiffusersFolder(folder, size);
  let tokenizer: Tokenizer | undefined;
  return {
    imageShape,
    schedule,
    weightsSha256: hashDiffusersFolder(folder),
    tokenizer() {
      tokenizer ??= openTokenizer(files.tokenizer);
      return tokenizer;
    },
  };
}

/** Loads a text-conditioned latent diffusion model from a folder in diffusers' layout. Throws UserError. */
export function openLatentDiffusion(
  folder: string,
  { name, toy, size = null, clipSkip = 0, tile = null }: LatentDiffusionOptions,
  makeConstant: MakeConstant,
): LatentPrior {
  const { files, schedule, imageShape, latentShape, ...configs } = readDiffusersFolder(folder, size);
  const tokenizer = openTokenizer(files.tokenizer);
  checkTokenizer(files.tokenizer, tokenizer, configs.textEncoder);
  const layers = configs.textEncoder.num_hidden_layers;
  if (clipSkip >= layers) {
    throw new UserError(`clipSkip: found ${clipSkip}; the text encoder of ${folder} has ${layers} layers`);
  }
  const factor = latentFactor(configs.vae);
  if (tile !== null && tile % (factor * TILE_MULTIPLE) !== 0) {
    throw new UserError(
      `tile: found ${tile}; expected a multiple of ${factor * TILE_MULTIPLE} for ${folder}`,
    );
  }
  const unet = loadWeights(files.unet, unetParameterShapes(configs.unet), makeConstant);
  const vae = loadWeights(
    files.vae,
    autoencoderParameterShapes(configs.vae),
    makeConstant,
    currentAutoencoderName,
  );
  const text = loadWeights(files.textEncoder, clipTextParameterShapes(configs.textEncoder), makeConstant);
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
    weightsSha256: hashDiffusersFolder(folder),
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

function checkTokenizer(path: string, tokenizer: Tokenizer, text: ClipTextConfig): void {
  if (tokenizer.length > text.max_position_embeddings) {
    throw new UserError(
      `${path}: texts take ${tokenizer.length} tokens; the text encoder has ${text.max_position_embeddings} positions`,
    );
  }
  if (tokenizer.highestId >= text.vocab_size) {
    throw new UserError(
      `${path}: the highest id is ${tokenizer.highestId}; the text encoder has ${text.vocab_size} tokens`,
    );
  }
}

/** Makes noise predictions of a velocity model's outputs [B,c,h,w] at t: alpha-bar is looked up inside the graph. */
function velocityToNoise(z: Tensor, t: Tensor, velocity: Tensor, alphasCumprod: Tensor): Tensor {
  const alphaBar = tf.gather(alphasCumprod, tf.cast(tf.reshape(t, [-1]), 'int32'));
  return noiseFromVelocity(z, velocity, tf.reshape(alphaBar, [-1, 1, 1, 1]));
}
