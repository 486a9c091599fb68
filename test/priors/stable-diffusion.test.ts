import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import type { MakeConstant } from '../../harness/networks/weights.ts';
import { priors } from '../../harness/priors/index.ts';
import type { LatentPrior } from '../../harness/priors/prior.ts';
import { useDevice } from '../support/device.ts';
import { writeTinyPrior, writeTinyStableDiffusion } from '../support/tiny-prior.ts';

const makeConstant: MakeConstant = (data, shape) =>
  tf.tensor(data instanceof Float32Array ? data : data.read(), [...shape]);
const kind = priors.find(({ name }) => name === 'stable-diffusion')!;
const path = writeTinyStableDiffusion();
const open = async (params: Record<string, unknown> = {}) =>
  (await kind.open(kind.params.parse({ path, ...params }), makeConstant)) as LatentPrior;

beforeAll(() => useDevice('cpu-reference'));

describe('the prior `stable-diffusion`', () => {
  it('opens a folder, with CLIP texts and with the words of the embedded prior', async () => {
    const prior = await open();
    expect(prior.embed(['a cat', '']).shape).toEqual([2, 8, 12]);
    expect((await open({ path: writeTinyPrior() })).embed(['a red face']).shape).toEqual([1, 6, 12]);
  });

  it('states what a plan needs without loading weights', async () => {
    const facts = await kind.inspect(kind.params.parse({ path, size: 24, toy: true }));
    const prior = await open({ size: 24, toy: true });
    const { schedule, weightsSha256 } = prior;
    expect(facts).toEqual({
      imageShape: [3, 24, 24],
      schedule,
      weightsSha256,
      toy: true,
      tokenizer: expect.any(Function),
    });
    expect(prior).toMatchObject({ name: 'stable-diffusion', toy: true, latentShape: [4, 12, 12] });
  });

  it('leaves out the last layers of the text encoder', async () => {
    const embedding = async (clipSkip: number) => (await open({ clipSkip })).embed(['a cat']).data();
    expect(await embedding(1)).not.toEqual(await embedding(0));
    await expect(open({ clipSkip: 2 })).rejects.toThrow(
      /clipSkip: found 2; the text encoder of .* has 2 layers/,
    );
  });

  it('decodes in tiles to pictures of the same size, the same where one tile is enough', async () => {
    const whole = await open({ size: 32 });
    const tiled = await open({ size: 32, tile: 16 });
    const z = tf.randomNormal([1, 4, 16, 16], 0, 1, 'float32', 1);
    const small = tf.slice(z, [0, 0, 0, 0], [1, 4, 8, 8]);
    expect(tiled.decode(z).shape).toEqual([1, 3, 32, 32]);
    expect(await tiled.decode(z).data()).not.toEqual(await whole.decode(z).data());
    expect(await tiled.decode(small).data()).toEqual(await whole.decode(small).data());
    await expect(open({ tile: 12 })).rejects.toThrow('tile: found 12; expected a multiple of 8');
  });
});
