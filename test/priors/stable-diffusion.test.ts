import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import type { MakeConstant } from '../../harness/networks/load-weights.ts';
import { hashDiffusersFolder } from '../../harness/priors/diffusers-folder.ts';
import { priors } from '../../harness/priors/index.ts';
import type { PriorWith } from '../../harness/priors/prior.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { writeTinyClip } from '../support/tiny-clip.ts';
import { writeTinyPrior, writeTinyStableDiffusion } from '../support/tiny-prior.ts';

const makeConstant: MakeConstant = (data, shape) =>
  tf.tensor(data instanceof Float32Array ? data : data.read(), [...shape]);
const kind = priors.find(({ name }) => name === 'stable-diffusion')!;
const path = writeTinyStableDiffusion();
const open = async (params: Record<string, unknown> = {}) =>
  (await kind.open(kind.params.parse({ path, ...params }), makeConstant)) as PriorWith<
    'autoencoder' | 'text'
  >;

beforeAll(() => useDevice('cpu-reference'));

describe('the prior `stable-diffusion`', () => {
  it('opens a folder, with CLIP texts and with the words of the embedded prior', async () => {
    const prior = await open();
    expect(prior.text.embed(['a cat', '']).shape).toEqual([2, 8, 12]);
    expect((await open({ path: writeTinyPrior() })).text.embed(['a red face']).shape).toEqual([1, 6, 12]);
  });

  it('states what a plan needs without loading weights', async () => {
    const facts = await kind.inspect(kind.params.parse({ path, size: 24, toy: true }));
    const prior = await open({ size: 24, toy: true });
    expect(facts).toMatchObject({
      imageShape: [3, 24, 24],
      toy: true,
      parts: ['autoencoder', 'text', 'crossAttention'],
    });
    expect(facts.weightsSha256).toBe(hashDiffusersFolder(path));
    expect(prior).toMatchObject({ name: 'stable-diffusion', shape: [4, 12, 12] });
  });

  it('leaves out the last layers of the text encoder', async () => {
    const embedding = async (clipSkip: number) => (await open({ clipSkip })).text.embed(['a cat']).data();
    expect(apart(await embedding(1), await embedding(0))).toBeGreaterThan(0.01);
    await expect(open({ clipSkip: 2 })).rejects.toThrow(
      /clipSkip: found 2; the text encoder of .* has 2 layers/,
    );
  });

  it("has CLIP's image tower beside its prompts where a CLIPModel's folder is named", async () => {
    const clip = writeTinyClip();
    const facts = await kind.inspect(kind.params.parse({ path, clip }));
    expect(facts.parts).toEqual(['autoencoder', 'text', 'crossAttention', 'clipImage']);
    expect(facts.weightsSha256).not.toBe(hashDiffusersFolder(path));

    const { clipImage, text } = (await open({ clip })) as PriorWith<'text' | 'clipImage'>;
    expect(clipImage.side).toBe(32);
    const width = text.embed(['']).shape[2];
    const grey = clipImage.features(tf.zeros([2, 3, 32, 32]));
    expect(grey.shape).toEqual([2, width]);
    const white = clipImage.features(tf.ones([2, 3, 32, 32]));
    expect(apart(await white.data(), await grey.data())).toBeGreaterThan(0.01);
    expect((await open()).clipImage).toBeUndefined();
  });

  it('refuses a CLIP whose common space is of another width than the prompts', async () => {
    const clip = writeTinyClip();
    const config = JSON.parse(readFileSync(join(clip, 'config.json'), 'utf8'));
    writeFileSync(join(clip, 'config.json'), JSON.stringify({ ...config, projection_dim: 16 }));
    await expect(open({ clip })).rejects.toThrow(
      /config\.json: projection_dim: found 16; the prior's text tokens have 12$/,
    );
  });

  it('decodes in tiles to pictures of the same size, the same where one tile is enough', async () => {
    const whole = await open({ size: 32 });
    const tiled = await open({ size: 32, tile: 16 });
    const z = tf.randomNormal([1, 4, 16, 16], 0, 1, 'float32', 1);
    const small = tf.slice(z, [0, 0, 0, 0], [1, 4, 8, 8]);
    expect(tiled.autoencoder.decode(z).shape).toEqual([1, 3, 32, 32]);
    const [inTiles, atOnce] = [
      await tiled.autoencoder.decode(z).data(),
      await whole.autoencoder.decode(z).data(),
    ];
    expect(apart(inTiles, atOnce)).toBeGreaterThan(1e-4);
    expect(await tiled.autoencoder.decode(small).data()).toEqual(
      await whole.autoencoder.decode(small).data(),
    );
    await expect(open({ tile: 12 })).rejects.toThrow('tile: found 12; expected a multiple of 8');
  });
});
