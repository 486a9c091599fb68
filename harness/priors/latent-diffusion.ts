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
import { discreteSchedule } from './ddim.ts';
import { latentFactor, readDiffusersFolder } from './diffusers-folder.ts';
import type { PriorWith } from './prior.ts';

/** How a model folder is used. */
export interface LatentDiffusionOptions {
  /** The prior's name in results. */
  readonly name: string;
  /** Side of the images in pixels; null: what the U-Net was trained for. */
  readonly size?: number | null;
  /** Last layers of the text encoder to leave out. */
  readonly clipSkip?: number;
  /** Side in pixels of the tiles that are decoded one by one; null: in one piece. */
  readonly tile?: number | null;
}

/** Loads a text-conditioned latent diffusion model from a folder in diffusers' layout. Throws UserError. */
export function openLatentDiffusion(
  folder: string,
  { name, size = null, clipSkip = 0, tile = null }: LatentDiffusionOptions,
  makeConstant: MakeConstant,
): PriorWith<'autoencoder' | 'text'> {
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
    dispose() {
      for (const weights of [unet, vae, text]) weights.dispose();
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
