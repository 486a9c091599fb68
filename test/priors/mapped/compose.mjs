/**
 * Prints what EBCA's step, two passes of a large U-Net in one graph, costs beside a guided one, as JSON: MiB of weights, the growth
 * in MiB of the memory that belongs to the process alone (RssAnon) by the guided step's graphs and by EBCA's, and how far the two
 * predictions lie apart where nothing is composed. Run by ../mapped-composition.test.ts.
 */
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openDevice } from '../../../dist/harness/engine/device.js';
import { tf } from '../../../dist/harness/engine/tf.js';
import { autoencoderConfigSchema } from '../../../dist/harness/networks/autoencoder-config.js';
import { autoencoderParameterShapes } from '../../../dist/harness/networks/autoencoder-kl.js';
import { clipTextParameterShapes } from '../../../dist/harness/networks/clip-text.js';
import { clipTextConfigSchema } from '../../../dist/harness/networks/clip-text-config.js';
import { streamSafetensors } from '../../../dist/harness/networks/safetensors-writer.js';
import { unetConfigSchema } from '../../../dist/harness/networks/unet-config.js';
import { unetParameterShapes } from '../../../dist/harness/networks/unet2d-condition.js';
import { openLatentDiffusion } from '../../../dist/harness/priors/latent-diffusion.js';
import { composed, strengthsOf } from '../../../dist/harness/solvers/parts/compositions.js';
import { towards } from '../../../dist/harness/solvers/parts/guidance.js';

const [folder] = process.argv.slice(2);
const UNET = 'unet/diffusion_pytorch_model.safetensors';

const unet = {
  sample_size: 8,
  block_out_channels: [288, 576],
  down_block_types: ['CrossAttnDownBlock2D', 'DownBlock2D'],
  up_block_types: ['UpBlock2D', 'CrossAttnUpBlock2D'],
  layers_per_block: 2,
  attention_head_dim: 8,
  cross_attention_dim: 64,
  norm_num_groups: 32,
};
const vae = {
  sample_size: 16,
  block_out_channels: [8, 16],
  down_block_types: ['DownEncoderBlock2D', 'DownEncoderBlock2D'],
  up_block_types: ['UpDecoderBlock2D', 'UpDecoderBlock2D'],
  norm_num_groups: 4,
  scaling_factor: 0.5,
};
const text = {
  vocab_size: 6,
  hidden_size: 64,
  intermediate_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 6,
};
const scheduler = {
  beta_schedule: 'scaled_linear',
  beta_start: 0.00085,
  beta_end: 0.012,
  clip_sample: false,
};

json('model_index.json', { _class_name: 'StableDiffusionPipeline' });
json('unet/config.json', unet);
json('vae/config.json', vae);
json('text_encoder/config.json', text);
json('scheduler/scheduler_config.json', scheduler);
json('tokenizer/vocab.json', { a: 0, blue: 1, face: 2, red: 3, '<|startoftext|>': 4, '<|endoftext|>': 5 });
json('tokenizer/tokenizer_config.json', { tokenizer_class: 'WordTokenizer', model_max_length: 6 });
weights(UNET, unetParameterShapes(unetConfigSchema.parse(unet)));
weights(
  'vae/diffusion_pytorch_model.safetensors',
  autoencoderParameterShapes(autoencoderConfigSchema.parse(vae)),
);
weights('text_encoder/model.safetensors', clipTextParameterShapes(clipTextConfigSchema.parse(text)));

const device = await openDevice('cpu:2');
const prior = openLatentDiffusion(folder, { name: 'large' }, device.constant);
const [u, c] = [prior.text.embed(['a face']), prior.text.embed(['a red face'])];
const z = tf.randomNormal([1, ...prior.shape], 0, 1, 'float32', 1);
const given = { z, t: tf.scalar(500) };
const guided = device.compile(({ z, t }) => ({
  e: towards(prior.predict(z, t, u), prior.predict(z, t, c), 7.5).value,
}));
const compose = composed(prior, { u, c, w: 7.5 });
const ebca = device.compile(({ z, t, empty, told, strengths }) => {
  const { guided, editorials } = compose(z, { t }, { empty, told: [told] }, strengths);
  return { e: guided.value, ...editorials };
});
const strengths = strengthsOf([
  { share: 1, attn: 0, norm: 0 },
  { share: 0, attn: 0.01, norm: 0.02 },
]);
await Promise.all([u.data(), c.data()]);

const start = anonymous();
const { e } = await guided(given);
const one = anonymous();
const { e: composition } = await ebca({ ...given, empty: u, told: c, strengths });
const two = anonymous();
const values = await e.data();
const furthest = (await composition.data()).reduce(
  (most, v, i) => Math.max(most, Math.abs(v - values[i])),
  0,
);
console.log(
  JSON.stringify({
    weights: statSync(join(folder, UNET)).size / 2 ** 20,
    guided: one - start,
    composed: two - one,
    apart: furthest / Math.max(...values.map(Math.abs)),
  }),
);
process.exit(0);

function json(path, content) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), JSON.stringify(content));
}

/** Of about the size that layers keep their input's. */
function weights(path, specs) {
  const tensors = specs.map(({ name, shape }) => ({
    name,
    shape,
    dtype: 'F32',
    bytes() {
      const inputs = shape.slice(1).reduce((n, d) => n * d, 1);
      const values = Float32Array.from({ length: shape[0] * inputs }, (_, i) =>
        shape.length > 1 ? Math.sin(1.7 * i + inputs) / Math.sqrt(inputs) : Number(name.endsWith('weight')),
      );
      return new Uint8Array(values.buffer);
    },
  }));
  streamSafetensors(join(folder, path), tensors);
}

function anonymous() {
  globalThis.gc();
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
}
