import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { UserError } from '../../harness/errors.ts';
import { admConfigOf } from '../../harness/networks/adm-flags.ts';
import { admParameterShapes } from '../../harness/networks/adm-unet.ts';
import { countParameters } from '../../harness/networks/parameter-shapes.ts';
import type { MakeConstant } from '../../harness/networks/weights.ts';
import kind from '../../harness/priors/guided-diffusion.ts';
import type { PixelPrior } from '../../harness/priors/prior.ts';
import { useDevice } from '../support/device.ts';
import { TINY_ADM, writeTinyAdm } from '../support/tiny-adm.ts';

const folder = writeTinyAdm();
const makeConstant: MakeConstant = (data, shape) =>
  tf.tensor(data instanceof Float32Array ? data : data.read(), [...shape]);
const params = (changes: Record<string, unknown> = {}) =>
  kind.params.parse({ path: join(folder, 'model.pt'), model: TINY_ADM, toy: true, ...changes });
const open = async (changes?: Record<string, unknown>) =>
  (await kind.open(params(changes), makeConstant)) as PixelPrior;

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
  const noiseOf = async (prior: PixelPrior, output: 'noise' | 'variance' = 'noise') => {
    const x: Tensor = tf.randomNormal([2, 3, 16, 16], 0, 1, 'float32', 1);
    const predicted = prior.predict(x, tf.scalar(500))[output];
    expect(predicted.shape).toEqual([2, 3, 16, 16]);
    return predicted.data();
  };

  it('gives noise and variance, the same from .pt and .safetensors', async () => {
    const noise = await noiseOf(await open());
    expect(noise.every(Number.isFinite)).toBe(true);
    expect(await noiseOf(await open({ path: join(folder, 'model.safetensors') }))).toEqual(noise);
    expect(await noiseOf(await open(), 'variance')).not.toEqual(noise);
  });

  it('states what a plan needs without loading weights', async () => {
    const facts = await kind.inspect(params());
    const { weightsSha256 } = await open();
    expect(facts).toEqual({ imageShape: [3, 16, 16], weightsSha256, toy: true, trainingSteps: 1000 });
    expect(kind.space).toBe('pixel');
  });

  it('must be that of the model', async () => {
    const other = open({ model: { ...TINY_ADM, channel_mult: '1,2' } });
    await expect(other).rejects.toThrow(UserError);
    await expect(other).rejects.toThrow(
      /model.pt: tensor 'input_blocks.3.0.skip_connection.weight' .* is missing .*more/,
    );
  });
});

describe('flags', () => {
  it.each([
    [{ num_chanels: 32 }, "unknown flag 'num_chanels'; the nearest is 'num_channels'"],
    [{ learn_sigma: false }, 'learn_sigma: found false; expected true: the variance is that of the network'],
    [{ class_cond: true }, 'class_cond: found true; expected false'],
    [{ channel_mult: '' }, 'channel_mult: found nothing; only for an image_size of 64, 128, 256, 512'],
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
