import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { UserError } from '../../harness/errors.ts';
import { admConfigOf, UNKNOWN_MODELS } from '../../harness/networks/adm-flags.ts';
import { admParameterShapes } from '../../harness/networks/adm-unet.ts';
import { fileSha256 } from '../../harness/networks/file-hash.ts';
import type { MakeConstant } from '../../harness/networks/load-weights.ts';
import { countParameters } from '../../harness/networks/parameter-shapes.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { hashAdmFolder } from '../../harness/priors/adm-folder.ts';
import kind from '../../harness/priors/guided-diffusion.ts';
import type { PriorWith } from '../../harness/priors/prior.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { prngWeights } from '../support/prng-weights.ts';
import { TINY_ADM, writeTinyAdm } from '../support/tiny-adm.ts';

const folder = writeTinyAdm();
const makeConstant: MakeConstant = (data, shape) =>
  tf.tensor(data instanceof Float32Array ? data : data.read(), [...shape]);
const params = (changes: Record<string, unknown> = {}) =>
  kind.params.parse({ path: join(folder, 'model.pt'), model: TINY_ADM, toy: true, ...changes });
const open = async (changes?: Record<string, unknown>) =>
  (await kind.open(params(changes), makeConstant)) as PriorWith<'learnedVariance'>;

beforeAll(() => useDevice('cpu-reference'));

describe('the public models', () => {
  // Tensors and their values in create_model(**model_config.yaml) of DPS2022/diffusion-posterior-sampling@effbde7.
  it.each([
    ['ffhq-256', 362, 93_563_910],
    ['imagenet-256', 566, 552_814_086],
  ] as const)("%s has the reference network's parameters", (model, tensors, values) => {
    const specs = admParameterShapes(admConfigOf(model, 'test'));
    expect([specs.length, countParameters(specs)]).toEqual([tensors, values]);
  });
});

describe('a file of weights', () => {
  const noiseOf = async (prior: PriorWith<'learnedVariance'>, output: 'value' | 'variance' = 'value') => {
    const x: Tensor = tf.randomNormal([2, 3, 16, 16], 0, 1, 'float32', 1);
    const predicted = prior.predict(x, tf.scalar(500))[output]!;
    expect(predicted.shape).toEqual([2, 3, 16, 16]);
    return predicted.data();
  };

  it('gives noise and variance, the same from .pt and .safetensors', async () => {
    const noise = await noiseOf(await open());
    expect(noise.every(Number.isFinite)).toBe(true);
    expect(await noiseOf(await open({ path: join(folder, 'model.safetensors') }))).toEqual(noise);
    expect(apart(await noiseOf(await open(), 'variance'), noise)).toBeGreaterThan(0.1);
  });

  it('states what a plan needs without loading weights', async () => {
    const facts = await kind.inspect(params());
    expect(facts).toMatchObject({
      imageShape: [3, 16, 16],
      weightsSha256: fileSha256(join(folder, 'model.pt')),
      toy: true,
      parts: ['pixels', 'learnedVariance'],
    });
  });

  it('may be one dictionary of a checkpoint, which a plan asks for', async () => {
    const path = join(folder, 'two.safetensors');
    const file = new SafetensorsFile(join(folder, 'model.safetensors'));
    const under = (prefix: string) =>
      [...file.entries].map(([name, { shape }]) => ({
        name: `${prefix}.${name}`,
        shape,
        data: file.readFloat32(name),
      }));
    writeSafetensors(path, [...under('model'), ...under('model_ema')]);
    file.close();
    await expect(kind.inspect(params({ path }))).rejects.toThrow(
      `${path}: its names begin with 'model.', 'model_ema.', the network's do not: `,
    );
    expect(await kind.inspect(params({ path, section: 'model_ema' }))).toMatchObject({
      imageShape: [3, 16, 16],
    });
    const noise = await noiseOf(await open({ path, section: 'model_ema' }));
    expect(noise).toEqual(await noiseOf(await open()));
  });

  it('keeps the keys of results where no section is given', () => {
    expect(Object.keys(params())).toEqual(['path', 'model', 'toy']);
  });

  it('must be that of the model', async () => {
    const other = open({ model: { ...TINY_ADM, channel_mult: '1,2' } });
    await expect(other).rejects.toThrow(UserError);
    await expect(other).rejects.toThrow(
      /model.pt: tensor 'input_blocks.3.0.skip_connection.weight' .* is missing .*more/,
    );
  });
});

describe('a folder', () => {
  const flags = (content: object) =>
    writeFileSync(join(folder, 'model_config.json'), JSON.stringify(content));

  it('says itself which network it holds, which is part of its hash', async () => {
    flags(TINY_ADM);
    const prior = await open({ path: folder, model: null });
    const x = tf.ones([1, 3, 16, 16]);
    const { value } = prior.predict(x, tf.scalar(500));
    const ofFile = (await open()).predict(x, tf.scalar(500));
    expect(await value.data()).toEqual(await ofFile.value.data());

    const { weightsSha256: before } = await kind.inspect(params({ path: folder, model: null }));
    expect(before).toBe(hashAdmFolder(folder));
    flags({ ...TINY_ADM, norm_groups: 16 });
    const { weightsSha256: after } = await kind.inspect(params({ path: folder, model: null }));
    expect(after).not.toBe(before);
  });

  it.each([
    [
      'a folder with a model',
      { path: folder },
      `${folder} is a folder, whose model_config.json says which network it holds; expected no model`,
    ],
    [
      'a file without',
      { model: null },
      'found nothing; a file of weights does not say which network it holds: expected ffhq-256, imagenet-256 or flags',
    ],
  ])('%s is refused', async (_, changes, message) => {
    await expect(kind.inspect(params(changes))).rejects.toThrow(
      new UserError(`guided-diffusion: model: ${message}`),
    );
  });
});

describe('flags', () => {
  it.each([
    [{ num_chanels: 32 }, "unknown flag 'num_chanels'; the nearest is 'num_channels'"],
    [{ learn_sigma: false }, 'learn_sigma: found false; expected true: the variance is that of the network'],
    [{ class_cond: true }, 'class_cond: found true; expected false'],
    [{ channel_mult: '' }, 'channel_mult: found nothing; only for an image_size of 64, 128, 256, 512'],
    [
      { norm_groups: 24 },
      'channel_mult: found [1,1]; gives levels of 32,32 channels; expected multiples of 24',
    ],
    [{ num_head_channels: 24 }, 'num_head_channels: found 24; expected a divisor of 32'],
  ])('%j is refused by name', async (change, message) => {
    const inspected = kind.inspect(params({ model: { ...TINY_ADM, ...change } }));
    await expect(inspected).rejects.toThrow(UserError);
    await expect(inspected).rejects.toThrow(`guided-diffusion: model: ${message}`);
  });

  it('may be those of a model_config.yaml as it is', () => {
    const yaml = {
      ...TINY_ADM,
      class_cond: false,
      use_checkpoint: false,
      dropout: 0.1,
      model_path: 'models/a.pt',
    };
    expect(admParameterShapes(admConfigOf(yaml, 'test'))).toEqual(
      admParameterShapes(admConfigOf(TINY_ADM, 'test')),
    );
  });
});

describe('networks of kernels and tilts', () => {
  /** A folder of a network with the flags of a tiny one, and others. */
  function network(flags: Record<string, unknown>): string {
    const path = mkdtempSync(join(tmpdir(), 'tweedie-unknown-'));
    const all = { ...TINY_ADM, ...flags };
    const specs = admParameterShapes(admConfigOf(all, 'tiny'));
    const values = prngWeights(specs, { prefix: 'tiny/unknown/', scale: 0.3 });
    const tensors = specs.map(({ name, shape }) => ({ name, shape, data: values.get(name)! }));
    writeSafetensors(join(path, 'model.safetensors'), tensors);
    writeFileSync(join(path, 'model_config.json'), JSON.stringify(all));
    return path;
  }

  it("are opened beside the picture's: one channel, and two", async () => {
    const prior = await open({ kernel: network({ grayscale: true }), tilt: network({ twochan: true }) });
    const { kernel, tilt } = prior.unknowns!;
    expect([kernel!.shape, tilt!.shape]).toEqual([
      [1, 16, 16],
      [2, 16, 16],
    ]);
    const { value, variance } = kernel!.predict(tf.ones([2, 1, 16, 16]), tf.scalar(500));
    expect([value.shape, variance.shape]).toEqual([
      [2, 1, 16, 16],
      [2, 1, 16, 16],
    ]);
  });

  it('change the hash of the weights, which they leave alone where there are none', async () => {
    const sha256 = async (changes?: Record<string, unknown>) =>
      (await kind.inspect(params(changes))).weightsSha256;
    const kernel = network({ grayscale: true });
    expect(await sha256()).toBe(fileSha256(join(folder, 'model.pt')));
    expect(await sha256({ kernel })).not.toBe(await sha256());
    expect(await sha256({ kernel })).toBe(await sha256({ kernel }));
  });

  it.each([
    [
      'a kernel of three channels',
      { kernel: network({}) },
      /kernel: \S+ is a network of 3 channels; expected 1$/,
    ],
    [
      'a picture of one channel',
      { path: network({ grayscale: true }), model: null },
      /model: \S+ is a network of 1 channels; expected 3$/,
    ],
  ])('%s is refused', async (_, changes, message) => {
    await expect(kind.inspect(params(changes))).rejects.toThrow(message);
  });

  it("are BlindDPS's, of 64 x 64 and 256 x 256, where a file does not say it", () => {
    const sizes = Object.values(UNKNOWN_MODELS).map((flags) => {
      const { in_channels, out_channels, image_size, model_channels } = admConfigOf(flags, 'test');
      return [in_channels, out_channels, image_size, model_channels];
    });
    expect(sizes).toEqual([
      [1, 2, 64, 64],
      [2, 4, 256, 64],
    ]);
  });
});
