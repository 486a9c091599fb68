import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { valuesOf } from '../../harness/engine/weight.ts';
import { UserError } from '../../harness/errors.ts';
import type { MakeConstant } from '../../harness/networks/load-weights.ts';
import { hashDiffusersFolder } from '../../harness/priors/diffusers-folder.ts';
import { openLatentDiffusion } from '../../harness/priors/latent-diffusion.ts';
import { apart } from '../support/apart.ts';
import { DEVICES, useDevice } from '../support/device.ts';
import { type Changes, writeTinyPrior } from '../support/tiny-prior.ts';

const makeConstant: MakeConstant = (data, shape) => tf.tensor(valuesOf(data), [...shape]);
const open = (folder: string) => openLatentDiffusion(folder, { name: 'tiny' }, makeConstant);

describe.each(DEVICES)('a latent diffusion model on %s', (device) => {
  beforeAll(() => useDevice(device));

  it('states its shapes and schedule', () => {
    const prior = open(writeTinyPrior());
    expect(prior.imageShape).toEqual([3, 16, 16]);
    expect(prior.shape).toEqual([4, 8, 8]);
    expect([prior.schedule.length, prior.predicts]).toEqual([1000, 'noise']);
    // Leading spacing with steps_offset 1.
    expect(prior.schedule.legs(2)).toEqual([
      { t: 501, next: 1 },
      { t: 1, next: -1 },
    ]);
  });

  it('encodes, decodes, embeds and predicts batches of the stated shapes', () => {
    const prior = open(writeTinyPrior());
    const c = prior.text.embed(['a red face', '']);
    const z = prior.autoencoder.encode(tf.randomUniform([2, 3, 16, 16], -1, 1, 'float32', 1));
    expect(c.shape).toEqual([2, 6, 12]);
    expect(z.shape).toEqual([2, 4, 8, 8]);
    expect(prior.autoencoder.decode(z).shape).toEqual([2, 3, 16, 16]);
    expect(prior.predict(z, tf.scalar(500), c).value.shape).toEqual([2, 4, 8, 8]);
  });

  it('has latents scaled by the scaling factor, which the decoder divides out', async () => {
    const half = open(writeTinyPrior({ 'vae/config.json': { scaling_factor: 0.5 } }));
    const one = open(writeTinyPrior({ 'vae/config.json': { scaling_factor: 1 } }));
    const x = tf.randomUniform([1, 3, 16, 16], -1, 1, 'float32', 2);
    const [a, b] = [await half.autoencoder.encode(x).data(), await one.autoencoder.encode(x).data()];
    expect(a[7]! / b[7]!).toBeCloseTo(0.5, 6);
    const difference = tf.max(
      tf.abs(
        tf.sub(
          half.autoencoder.decode(half.autoencoder.encode(x)),
          one.autoencoder.decode(one.autoencoder.encode(x)),
        ),
      ),
    );
    expect((await difference.data())[0]).toBeLessThan(1e-6);
  });

  it("samples the encoder's posterior: mean and deviation, both scaled, by a Gaussian from outside", async () => {
    const half = open(writeTinyPrior({ 'vae/config.json': { scaling_factor: 0.5 } }));
    const one = open(writeTinyPrior({ 'vae/config.json': { scaling_factor: 1 } }));
    const x = tf.randomUniform([1, 3, 16, 16], -1, 1, 'float32', 2);
    const gaussian = tf.randomNormal([1, 4, 8, 8], 0, 1, 'float32', 5);
    const zero = tf.zerosLike(gaussian);
    expect(await half.autoencoder.encodeSample(x, zero).data()).toEqual(
      await half.autoencoder.encode(x).data(),
    );
    const deviation = async (prior: typeof half, scale: number) =>
      tf
        .div(
          tf.sub(prior.autoencoder.encodeSample(x, tf.mul(gaussian, scale)), prior.autoencoder.encode(x)),
          gaussian,
        )
        .data();
    const [std, double, unscaled] = [
      await deviation(half, 1),
      await deviation(half, 2),
      await deviation(one, 1),
    ];
    const furthest = (gaussian.dataSync() as Float32Array).findIndex((v) => Math.abs(v) > 1);
    expect(std[furthest]).toBeGreaterThan(0);
    expect(double[furthest]! / std[furthest]!).toBeCloseTo(2, 3);
    expect(std[furthest]! / unscaled[furthest]!).toBeCloseTo(0.5, 3);
  });

  it('predicts by time step, prompt and latent, each image by its own prompt', async () => {
    const prior = open(writeTinyPrior());
    const z = tf.randomNormal([1, 4, 8, 8], 0, 1, 'float32', 3);
    const noise = async (t: number, prompts: string[]) => {
      const zs = tf.tile(z, [prompts.length, 1, 1, 1]);
      return prior.predict(zs, tf.scalar(t), prior.text.embed(prompts)).value.data();
    };
    const red = await noise(500, ['a red face']);
    const blue = await noise(500, ['a blue face']);
    expect(apart(red, blue)).toBeGreaterThan(1e-4);
    expect(apart(await noise(400, ['a red face']), red)).toBeGreaterThan(1e-3);
    const both = await noise(500, ['a red face', 'a blue face']);
    const alone = [...red, ...blue];
    expect(Math.max(...alone.map((v, i) => Math.abs(v - both[i]!)))).toBeLessThan(1e-5);
  });

  it('says whether its network predicts noise or velocity', () => {
    const velocity = { 'scheduler/scheduler_config.json': { prediction_type: 'v_prediction' } };
    expect([open(writeTinyPrior()).predicts, open(writeTinyPrior(velocity)).predicts]).toEqual([
      'noise',
      'v',
    ]);
  });

  it('frees its weights', () => {
    const before = tf.memory().numTensors;
    open(writeTinyPrior()).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a folder whose parts do not fit together', () => {
  it.each<[string, Changes, string]>([
    [
      'text width',
      { 'unet/config.json': { cross_attention_dim: 16 } },
      'unet/config.json: cross_attention_dim: found 16; hidden_size of text_encoder/config.json gives 12',
    ],
    [
      'latent channels',
      { 'vae/config.json': { latent_channels: 3 } },
      'unet/config.json: in_channels: found 4; latent_channels of vae/config.json gives 3',
    ],
    [
      'text length',
      { 'tokenizer/tokenizer_config.json': { model_max_length: 9 } },
      'tokenizer: texts take 9 tokens; the text encoder has 6 positions',
    ],
    [
      'weights of another network',
      { 'unet/config.json': { block_out_channels: [8, 24] } },
      'unet/diffusion_pytorch_model.safetensors: tensor ',
    ],
    [
      'a tokenizer of another kind',
      { 'tokenizer/tokenizer_config.json': { tokenizer_class: 'BertTokenizer' } },
      'tokenizer/tokenizer_config.json: tokenizer_class: found "BertTokenizer"; expected one of "WordTokenizer"|"CLIPTokenizer"|"CLIPTokenizerFast"',
    ],
    [
      'a pipeline of another kind',
      { 'model_index.json': { _class_name: 'StableDiffusionXLPipeline' } },
      'model_index.json: _class_name: found "StableDiffusionXLPipeline"',
    ],
  ])('%s', (_, changes, message) => {
    const folder = writeTinyPrior(changes);
    expect(() => open(folder)).toThrow(UserError);
    expect(() => open(folder)).toThrow(`${folder}/${message}`);
  });

  it('a vocabulary larger than the text encoder', () => {
    const folder = writeTinyPrior({ 'tokenizer/vocab.json': { extra: 0, '<|endoftext|>': 99 } });
    expect(() => open(folder)).toThrow('tokenizer: the highest id is 99; the text encoder has 6 tokens');
  });
});

describe('the hash over all files', () => {
  it('depends on every file that changes the numbers, and on nothing else', () => {
    const folder = writeTinyPrior();
    const hash = hashDiffusersFolder(folder);
    expect(hashDiffusersFolder(writeTinyPrior())).toBe(hash);
    writeFileSync(join(folder, 'README.md'), 'a note');
    expect(hashDiffusersFolder(folder)).toBe(hash);
    const other = writeTinyPrior({ 'scheduler/scheduler_config.json': { beta_end: 0.013 } });
    expect(hashDiffusersFolder(other)).not.toBe(hash);
  });

  it('names a file that is missing', () => {
    const folder = writeTinyPrior();
    rmSync(join(folder, 'vae/diffusion_pytorch_model.safetensors'));
    expect(() => hashDiffusersFolder(folder)).toThrow(
      `${folder}/vae/diffusion_pytorch_model.safetensors: is not there, nor `,
    );
  });
});
