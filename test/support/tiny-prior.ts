/** A latent diffusion model small enough for tests, untrained, in diffusers' layout. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { autoencoderConfigSchema } from '../../harness/networks/autoencoder-config.ts';
import { autoencoderParameterShapes } from '../../harness/networks/autoencoder-kl.ts';
import { clipTextParameterShapes } from '../../harness/networks/clip-text.ts';
import { clipTextConfigSchema } from '../../harness/networks/clip-text-config.ts';
import type { ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { unetConfigSchema } from '../../harness/networks/unet-config.ts';
import { unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import { wordVocabulary } from '../../harness/networks/word-tokenizer.ts';
import { prngWeights } from './prng-weights.ts';
import { CLIP_TOKENS, writeTinyClipTokenizer } from './tiny-clip-tokenizer.ts';

export const TINY_WORDS = ['a', 'blue', 'face', 'red'];

const unet = {
  sample_size: 8,
  block_out_channels: [8, 16],
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
  layers_per_block: 1,
  attention_head_dim: 2,
  cross_attention_dim: 12,
  norm_num_groups: 4,
};
const vae = {
  sample_size: 16,
  block_out_channels: [8, 16],
  down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
  up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
  norm_num_groups: 4,
  scaling_factor: 0.5,
};
const textEncoder = {
  vocab_size: TINY_WORDS.length + 2,
  hidden_size: 12,
  intermediate_size: 24,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 6,
};

const scheduler = {
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  beta_end: 0.012,
  steps_offset: 1,
  set_alpha_to_one: false,
  clip_sample: false,
};

/** Changes to a JSON file of the folder, by its path. */
export type Changes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * Writes the model (images 3x16x16, latents 4x8x8) into a new folder and returns its path. Weights follow the PRNG rule.
 * @param changes keys to replace in a JSON file, e.g. { 'scheduler/scheduler_config.json': { prediction_type: 'v_prediction' } };
 *   the weights keep the shapes of the unchanged configs
 */
export function writeTinyPrior(changes: Changes = {}): string {
  return writePrior(unet, changes);
}

/** The same model with a U-Net of more than 256 MiB: so large that a graph has no copies of its weights. */
export function writeLargeUnet(): string {
  const large = { block_out_channels: [288, 576], layers_per_block: 2, attention_head_dim: 8 };
  return writePrior({ ...unet, ...large }, {});
}

function writePrior(unet: { readonly cross_attention_dim: number }, changes: Changes): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-prior-'));
  const json = (path: string, content: object) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify({ ...content, ...changes[path] }));
  };
  const weights = (path: string, specs: readonly ParamSpec[]) => {
    const values = prngWeights(specs, { prefix: `tiny/${path}/` });
    const tensors = specs.map(({ name, shape }) => ({ name, shape, data: values.get(name)! }));
    writeSafetensors(join(folder, path), tensors);
  };
  json('model_index.json', { _class_name: 'StableDiffusionPipeline' });
  json('unet/config.json', unet);
  json('vae/config.json', vae);
  json('text_encoder/config.json', textEncoder);
  json('scheduler/scheduler_config.json', scheduler);
  json('tokenizer/vocab.json', wordVocabulary(TINY_WORDS));
  json('tokenizer/tokenizer_config.json', { tokenizer_class: 'WordTokenizer', model_max_length: 6 });
  weights('unet/diffusion_pytorch_model.safetensors', unetParameterShapes(unetConfigSchema.parse(unet)));
  weights(
    'vae/diffusion_pytorch_model.safetensors',
    autoencoderParameterShapes(autoencoderConfigSchema.parse(vae)),
  );
  weights('text_encoder/model.safetensors', clipTextParameterShapes(clipTextConfigSchema.parse(textEncoder)));
  return folder;
}

/** The same model with CLIP's tokenizer (texts of 8 tokens) before a text encoder of its size. */
export function writeTinyStableDiffusion(): string {
  const config = {
    ...textEncoder,
    vocab_size: CLIP_TOKENS.length,
    max_position_embeddings: 8,
    num_hidden_layers: 2,
  };
  const folder = writeTinyPrior({ 'text_encoder/config.json': config });
  rmSync(join(folder, 'tokenizer'), { recursive: true });
  writeTinyClipTokenizer({}, join(folder, 'tokenizer'));
  const specs = clipTextParameterShapes(clipTextConfigSchema.parse(config));
  const values = prngWeights(specs, { prefix: 'tiny/clip/' });
  writeSafetensors(
    join(folder, 'text_encoder/model.safetensors'),
    specs.map(({ name, shape }) => ({ name, shape, data: values.get(name)! })),
  );
  return folder;
}
