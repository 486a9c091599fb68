import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { UserError } from '../../harness/errors.ts';
import { admParameterShapes } from '../../harness/networks/adm-unet.ts';
import { vqParameterShapes } from '../../harness/networks/autoencoder-vq.ts';
import type { MakeConstant } from '../../harness/networks/load-weights.ts';
import { countParameters } from '../../harness/networks/parameter-shapes.ts';
import { bytesOf, writeSafetensors } from '../../harness/networks/safetensors-writer.ts';
import { COMPVIS_MODELS, latentDiffusionSchema, pictureShape } from '../../harness/priors/compvis-config.ts';
import kind from '../../harness/priors/compvis-ldm.ts';
import type { PriorWith } from '../../harness/priors/prior.ts';
import { convertWeights } from '../../harness/weights/convert.ts';
import { stateDict } from '../networks/pytorch-file/archives.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { FixtureFile, readManifest } from '../support/network-fixtures.ts';
import { TINY_COMPVIS, tinyCheckpoint, tinyCompvisFolder, tinyCompvisYaml } from '../support/tiny-compvis.ts';

const makeConstant: MakeConstant = (data, shape) =>
  tf.tensor(data instanceof Float32Array ? data : data.read(), [...shape]);
const params = (path: string, changes: Record<string, unknown> = {}) =>
  kind.params.parse({ path, toy: true, ...changes });
const open = async (path: string, changes?: Record<string, unknown>) =>
  (await kind.open(params(path, changes), makeConstant)) as PriorWith<'autoencoder'>;

/** As download_models.sh leaves it: config.yaml and model.ckpt. */
const folder = tinyCompvisFolder();
const config = join(folder, 'config.yaml');
const checkpoint = join(folder, 'model.ckpt');
writeFileSync(config, tinyCompvisYaml());
writeFileSync(checkpoint, stateDict(tinyCheckpoint().map((one) => ({ ...one, data: bytesOf(one.data) }))));

beforeAll(() => useDevice('cpu-reference'));

const reference = (name: string) =>
  new FixtureFile('compvis-ldm', readManifest('compvis-ldm'), `${name}.safetensors`);
const noiseOf = (prior: PriorWith<'autoencoder'>, z: Tensor) => prior.predict(z, tf.scalar(750)).value.data();

describe('the public models', () => {
  // What UNetModel and VQModelInterface hold for models/ldm/ffhq256/config.yaml of CompVis/latent-diffusion@a506df5.
  it.each(['ffhq-ldm-vq-4', 'celebahq-ldm-vq-4', 'lsun_bedrooms-ldm-vq-4'] as const)(
    "%s has the reference network's parameters",
    (model) => {
      const config = latentDiffusionSchema.parse(COMPVIS_MODELS[model]);
      const unet = admParameterShapes(config.unet_config.params);
      const vq = vqParameterShapes(config.first_stage_config.params);
      expect([unet.length, countParameters(unet)]).toEqual([368, 274_056_163]);
      expect([vq.length, countParameters(vq)]).toEqual([205, 55_322_782]);
      expect(pictureShape(config)).toEqual([3, 256, 256]);
    },
  );
});

describe('a folder', () => {
  it('says what a plan needs without loading weights', async () => {
    const facts = await kind.inspect(params(folder));
    expect(facts).toMatchObject({ imageShape: [3, 16, 16], toy: true, parts: ['autoencoder'] });
    // CompVis's linear schedule: betas are squares of evenly spaced roots; its DDIM starts at time 1 of the clean end.
    const root = (t: number) => Math.sqrt(0.0015) + (t / 999) * (Math.sqrt(0.0195) - Math.sqrt(0.0015));
    const { alphasCumprod, stepsOffset, setAlphaToOne } = facts.schedule!;
    expect(alphasCumprod[0]).toBeCloseTo(1 - 0.0015, 12);
    expect(alphasCumprod[500]! / alphasCumprod[499]!).toBeCloseTo(1 - root(500) ** 2, 12);
    expect([stepsOffset, setAlphaToOne]).toEqual([1, false]);
  });

  it("gives CompVis's predictions, latents and pictures", async () => {
    const prior = await open(folder);
    const { encode, encodeSample, decode } = prior.autoencoder;
    const [unet, encoder, decoder] = [reference('unet'), reference('encode'), reference('decode')];
    const { value } = prior.predict(unet.tensor('x'), unet.tensor('t'));
    await unet.expectTensor('out', value);
    const x = encoder.tensor('x');
    await encoder.expectTensor('out', encode(x));
    await encoder.expectTensor('out', encodeSample(x, tf.ones([...prior.shape])));
    await decoder.expectTensor('out', decode(decoder.tensor('x')));
    expect([prior.shape, prior.imageShape]).toEqual([
      [3, 8, 8],
      [3, 16, 16],
    ]);
  });

  it('decodes latents as they are where they are not to be quantised', async () => {
    const plain = reference('decode_plain');
    const { decode } = (await open(folder, { quantise: false })).autoencoder;
    await plain.expectTensor('out', decode(plain.tensor('x')));
    const quantised = (await open(folder)).autoencoder.decode(plain.tensor('x'));
    expect(apart(await quantised.data(), plain.data('out') as Float32Array)).toBeGreaterThan(0.01);
  });

  it('divides its latents by the factor of its configuration', async () => {
    const scaled = tinyCompvisFolder();
    writeFileSync(join(scaled, 'config.yaml'), tinyCompvisYaml({ ...TINY_COMPVIS, scale_factor: 2 }));
    convertWeights(checkpoint, join(scaled, 'model.safetensors'));
    const { encode, decode } = (await open(scaled)).autoencoder;
    const [encoder, decoder] = [reference('encode'), reference('decode')];
    await encoder.expectTensor('out', tf.div(encode(encoder.tensor('x')), 2));
    await decoder.expectTensor('out', decode(tf.mul(decoder.tensor('x'), 2)));
  });

  it('gives the averaged weights where they are asked for', async () => {
    const z = reference('unet').tensor('x');
    const [last, averaged] = [await open(folder), await open(folder, { ema: true })];
    expect(apart(await noiseOf(averaged, z), await noiseOf(last, z))).toBeGreaterThan(0.1);
    const doubled = tinyCompvisFolder();
    writeFileSync(join(doubled, 'config.yaml'), tinyCompvisYaml());
    writeSafetensors(join(doubled, 'model.safetensors'), tinyCheckpoint(2));
    expect(await noiseOf(await open(doubled), z)).toEqual(await noiseOf(averaged, z));
  });

  it('is hashed with its configuration, and the same after `convert`', async () => {
    const other = tinyCompvisFolder();
    writeFileSync(join(other, 'config.yaml'), tinyCompvisYaml({ ...TINY_COMPVIS, linear_end: 0.02 }));
    convertWeights(checkpoint, join(other, 'model.safetensors'));
    const z = reference('unet').tensor('x');
    expect(await noiseOf(await open(other), z)).toEqual(await noiseOf(await open(folder), z));
    const { weightsSha256: before } = await kind.inspect(params(other));
    writeFileSync(join(other, 'config.yaml'), tinyCompvisYaml());
    expect((await kind.inspect(params(other))).weightsSha256).not.toBe(before);
  });

  it.each<[object, string]>([
    [
      { first_stage_config: { target: 'ldm.models.autoencoder.AutoencoderKL', params: {} } },
      'first_stage_config.target: found "ldm.models.autoencoder.AutoencoderKL"; expected "ldm.models.autoencoder.VQModelInterface": of the autoencoders the one with a codebook is implemented',
    ],
    [
      { cond_stage_config: { target: 'BERTEmbedder' } },
      'cond_stage_config: found {"target":"BERTEmbedder"}; expected "__is_unconditional__": conditions are not implemented',
    ],
    [{ parameterization: 'x0' }, 'parameterization: found "x0"'],
    [{ scale_by_std: true }, 'scale_by_std: found true; expected false'],
    [{ channels: 4 }, 'unet_config.params.in_channels: found 3; expected 4, the channels of the latents'],
    [{ image_size: 9 }, 'image_size: found 9; expected a multiple of 2: the U-Net halves it'],
  ])('with %j is refused by key', async (change, message) => {
    const broken = tinyCompvisFolder();
    const path = join(broken, 'config.yaml');
    writeFileSync(path, tinyCompvisYaml({ ...TINY_COMPVIS, ...change }));
    const inspected = kind.inspect(params(broken));
    await expect(inspected).rejects.toThrow(UserError);
    await expect(inspected).rejects.toThrow(`${path}: model.params.${message}`);
  });
});

describe('a file of weights', () => {
  it('is of a public model, which its tensors must be', async () => {
    const inspected = kind.inspect(params(checkpoint, { model: 'ffhq-ldm-vq-4' }));
    await expect(inspected).rejects.toThrow(UserError);
    await expect(inspected).rejects.toThrow(/model.ckpt: tensor 'input_blocks.2.* is missing.* more\)/);
  });

  it('does not say which model it holds', async () => {
    await expect(kind.inspect(params(checkpoint))).rejects.toThrow(
      new UserError(
        'compvis-ldm: model: found nothing; a file of weights does not say which model it holds: expected ffhq-ldm-vq-4, celebahq-ldm-vq-4, lsun_bedrooms-ldm-vq-4, or a folder with config.yaml',
      ),
    );
  });
});

it('refuses a model beside a folder, which says it itself', async () => {
  await expect(kind.inspect(params(folder, { model: 'ffhq-ldm-vq-4' }))).rejects.toThrow(
    new UserError(
      `compvis-ldm: model: ${folder} is a folder, whose config.yaml says which model it holds; expected no model`,
    ),
  );
});
