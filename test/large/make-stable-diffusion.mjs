/**
 * Makes a folder in diffusers' layout with random weights of Stable Diffusion 1.5's full size (860 M + 84 M + 123 M
 * parameters, 4.3 GB of float32), for measuring time and memory without a download:
 *   npm run build && node test/large/make-stable-diffusion.mjs FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { autoencoderConfigSchema } from '../../dist/harness/networks/autoencoder-config.js';
import { autoencoderParameterShapes } from '../../dist/harness/networks/autoencoder-kl.js';
import { clipTextParameterShapes } from '../../dist/harness/networks/clip-text.js';
import { clipTextConfigSchema } from '../../dist/harness/networks/clip-text-config.js';
import { streamSafetensors } from '../../dist/harness/networks/safetensors-writer.js';
import { unetConfigSchema } from '../../dist/harness/networks/unet-config.js';
import { unetParameterShapes } from '../../dist/harness/networks/unet2d-condition.js';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('usage: node test/large/make-stable-diffusion.mjs FOLDER');
  process.exit(2);
}

const UNET = { _class_name: 'UNet2DConditionModel', sample_size: 64, cross_attention_dim: 768 };
const VAE = {
  _class_name: 'AutoencoderKL',
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array(4).fill('DownEncoderBlock2D'),
  up_block_types: Array(4).fill('UpDecoderBlock2D'),
  layers_per_block: 2,
  norm_num_groups: 32,
  latent_channels: 4,
  in_channels: 3,
  out_channels: 3,
  scaling_factor: 0.18215,
};
const TEXT = {
  vocab_size: 49408,
  hidden_size: 768,
  intermediate_size: 3072,
  num_hidden_layers: 12,
  num_attention_heads: 12,
  max_position_embeddings: 77,
  hidden_act: 'quick_gelu',
  layer_norm_eps: 1e-5,
};

json('model_index.json', { _class_name: 'StableDiffusionPipeline' });
json('unet/config.json', UNET);
json('vae/config.json', VAE);
json('text_encoder/config.json', TEXT);
json('scheduler/scheduler_config.json', {
  _class_name: 'DDIMScheduler',
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  set_alpha_to_one: false,
  steps_offset: 1,
  clip_sample: false,
});
tokenizer();
weights('unet/diffusion_pytorch_model.safetensors', unetParameterShapes(unetConfigSchema.parse(UNET)));
weights(
  'vae/diffusion_pytorch_model.safetensors',
  autoencoderParameterShapes(autoencoderConfigSchema.parse(VAE)),
);
weights('text_encoder/model.safetensors', clipTextParameterShapes(clipTextConfigSchema.parse(TEXT)));

function json(name, content) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
}

/** Every byte, alone and at the end of a word, and no merges; start and end where CLIP has them. */
function tokenizer() {
  const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const bytes = [...range(33, 126), ...range(161, 172), ...range(174, 255), ...range(256, 322)].map((code) =>
    String.fromCharCode(code),
  );
  const vocabulary = [...bytes, ...bytes.map((byte) => `${byte}</w>`)].map((token, id) => [token, id]);
  const ends = [
    ['<|startoftext|>', 49406],
    ['<|endoftext|>', 49407],
  ];
  json('tokenizer/vocab.json', Object.fromEntries([...vocabulary, ...ends]));
  json('tokenizer/special_tokens_map.json', {});
  json('tokenizer/tokenizer_config.json', {
    tokenizer_class: 'CLIPTokenizer',
    model_max_length: 77,
    bos_token: '<|startoftext|>',
    eos_token: '<|endoftext|>',
    pad_token: '<|endoftext|>',
  });
  writeFileSync(join(folder, 'tokenizer/merges.txt'), '#version: 0.2\n');
}

/** Uniform weights within +-sqrt(3 / fan_in), so that activations keep their size; norms 1 and 0; small biases. */
function weights(name, specs) {
  const pool = Float32Array.from({ length: 1 << 20 }, (_, i) => {
    const u = Math.sin(12.9898 * (i + 1)) * 43758.5453;
    return 2 * (u - Math.floor(u)) - 1;
  });
  let next = 0;
  const values = ({ kind, shape, fanIn }) => {
    const data = new Float32Array(shape.reduce((n, d) => n * d, 1));
    if (kind === 'normWeight') return data.fill(1);
    if (kind === 'normBias') return data;
    const bound = kind === 'weight' ? Math.sqrt(3 / fanIn) : 0.02;
    for (let i = 0; i < data.length; i++) data[i] = bound * pool[next++ & (pool.length - 1)];
    // An offset that no power of two divides, so that tensors of the same shape differ.
    next += 7919;
    return data;
  };
  streamSafetensors(
    join(folder, name),
    specs.map((spec) => ({
      name: spec.name,
      dtype: 'F32',
      shape: spec.shape,
      bytes: () => new Uint8Array(values(spec).buffer),
    })),
  );
}
