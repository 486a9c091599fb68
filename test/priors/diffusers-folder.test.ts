import { mkdirSync, mkdtempSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { autoencoderParameterShapes } from '../../harness/networks/autoencoder-kl.ts';
import { clipTextParameterShapes } from '../../harness/networks/clip-text.ts';
import { countParameters } from '../../harness/networks/parameter-shapes.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import { hashDiffusersFolder, readDiffusersFolder } from '../../harness/priors/diffusers-folder.ts';
import { HUB_CONFIGS, type HubConfigs } from '../support/hub-configs.ts';
import { writeTinyPrior } from '../support/tiny-prior.ts';

function write(configs: HubConfigs): string {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-hub-'));
  for (const [path, content] of Object.entries(configs)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(content));
  }
  return folder;
}

describe('the published configs are read', () => {
  it.each(Object.entries(HUB_CONFIGS))('of %s', (name, configs) => {
    const two = name.startsWith('SD 2');
    const velocity = name === 'SD 2.1';
    const side = velocity ? 768 : 512;
    expect(readDiffusersFolder(write(configs))).toMatchObject({
      imageShape: [3, side, side],
      latentShape: [4, side / 8, side / 8],
      unet: { cross_attention_dim: two ? 1024 : 768, use_linear_projection: two },
      vae: { scaling_factor: 0.18215 },
      textEncoder: { hidden_act: two ? 'gelu' : 'quick_gelu', num_hidden_layers: two ? 23 : 12 },
      schedule: {
        timestepSpacing: 'leading',
        stepsOffset: 1,
        setAlphaToOne: false,
        predictionType: velocity ? 'v_prediction' : 'epsilon',
      },
    });
  });

  it.each([
    ['SD 1.5', { unet: 859_520_964, vae: 83_653_863, text: 123_060_480 }],
    ['SD 2.1 base', { unet: 865_910_724, vae: 83_653_863, text: 340_387_840 }],
  ] as const)('of %s describe networks of so many parameters', (name, expected) => {
    const { unet, vae, textEncoder } = readDiffusersFolder(write(HUB_CONFIGS[name]));
    expect({
      unet: countParameters(unetParameterShapes(unet)),
      vae: countParameters(autoencoderParameterShapes(vae)),
      text: countParameters(clipTextParameterShapes(textEncoder)),
    }).toEqual(expected);
  });

  it('with the text encoder inside the config of a whole CLIP', () => {
    const sd = HUB_CONFIGS['SD 1.5'];
    const nested = { model_type: 'clip', text_config: sd['text_encoder/config.json'], vision_config: {} };
    const folder = readDiffusersFolder(write({ ...sd, 'text_encoder/config.json': nested }));
    expect(folder.textEncoder.hidden_size).toBe(768);
  });
});

it.each([
  ['unet/config.json', { class_embeddings_concat: true }],
  ['unet/config.json', { addition_embed_type: 'text_time' }],
  ['unet/config.json', { mid_block_only_cross_attention: true }],
  ['unet/config.json', { resnet_time_scale_shift: 'scale_shift' }],
  ['vae/config.json', { latents_mean: [0, 0, 0, 0] }],
  ['vae/config.json', { use_quant_conv: false }],
  ['text_encoder/config.json', { hidden_act: 'relu' }],
  ['scheduler/scheduler_config.json', { _class_name: 'EulerDiscreteScheduler' }],
])('%s with %j, which no code implements, is refused with file and key', (path, change) => {
  const sd: HubConfigs = HUB_CONFIGS['SD 1.5'];
  const folder = write({ ...sd, [path]: { ...sd[path], ...change } });
  const [[key, value]] = Object.entries(change) as [[string, unknown]];
  expect(() => readDiffusersFolder(folder)).toThrow(UserError);
  expect(() => readDiffusersFolder(folder)).toThrow(
    `${join(folder, path)}: ${key}: found ${JSON.stringify(value)}; `,
  );
});

describe('the size of the images', () => {
  it('is what the U-Net was trained for, or any that its levels divide', () => {
    const folder = write(HUB_CONFIGS['SD 1.5']);
    expect(readDiffusersFolder(folder, { size: 256 })).toMatchObject({
      imageShape: [3, 256, 256],
      latentShape: [4, 32, 32],
    });
    expect(() => readDiffusersFolder(folder, { size: 100 })).toThrow(
      'size: found 100; expected a multiple of 64',
    );
  });
});

describe('weights', () => {
  const weights = 'unet/diffusion_pytorch_model.safetensors';

  it('may be there in half precision alone', () => {
    const folder = writeTinyPrior();
    const half = join(folder, 'unet/diffusion_pytorch_model.fp16.safetensors');
    renameSync(join(folder, weights), half);
    expect(readDiffusersFolder(folder).files.unet).toBe(half);
    expect(hashDiffusersFolder(folder)).not.toBe(hashDiffusersFolder(writeTinyPrior()));
  });

  it('may lie in shards, all of which are hashed', () => {
    const sharded = (value: number) => {
      const folder = writeTinyPrior();
      renameSync(join(folder, weights), join(folder, 'unet/one.safetensors'));
      writeSafetensors(join(folder, 'unet/two.safetensors'), [
        { name: 'b', shape: [1], data: Float32Array.of(value) },
      ]);
      const map = { 'conv_in.weight': 'one.safetensors', b: 'two.safetensors' };
      writeFileSync(join(folder, `${weights}.index.json`), JSON.stringify({ weight_map: map }));
      return hashDiffusersFolder(folder);
    };
    expect(sharded(1)).toBe(sharded(1));
    expect(sharded(1)).not.toBe(sharded(2));
  });
});

it('weights that are not what their header says are refused before they are hashed', () => {
  const folder = writeTinyPrior();
  const file = join(folder, 'vae/diffusion_pytorch_model.safetensors');
  truncateSync(file, 5000);
  expect(() => hashDiffusersFolder(folder)).toThrow(UserError);
  expect(() => hashDiffusersFolder(folder)).toThrow(file);
});

it('a folder that is not there is named, with what should be in it', () => {
  expect(() => readDiffusersFolder('models/nothing')).toThrow(
    "models/nothing: there is no such folder; expected a model in diffusers' layout (model_index.json, unet/,",
  );
});
