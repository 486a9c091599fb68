import { beforeAll, describe, expect, it } from 'vitest';
import { upsampleNearest } from '../../harness/engine/ops.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { decodeInTiles } from '../../harness/networks/tiled-decoding.ts';
import { DEVICES, useDevice } from '../support/device.ts';

/** A decoder without normalisation or attention: each pixel depends on its own latent alone. */
const local = (z: Tensor): Tensor => {
  const [, , height, width] = z.shape as [number, number, number, number];
  return upsampleNearest(tf.square(z), [2 * height, 2 * width]);
};

const difference = async (a: Tensor, b: Tensor) => (await tf.max(tf.abs(tf.sub(a, b))).data())[0]!;

describe.each(DEVICES)('decoding in tiles on %s', (device) => {
  beforeAll(() => useDevice(device));

  it.each([
    [16, 16],
    [13, 22],
    [8, 25],
    [4, 7],
  ])('of a local decoder is decoding in one piece: %i x %i', async (height, width) => {
    const z = tf.randomNormal([2, 3, height, width], 0, 1, 'float32', 1);
    const tiled = decodeInTiles(local, z, { tile: 8, factor: 2 });
    expect(tiled.shape).toEqual(local(z).shape);
    expect(await difference(tiled, local(z))).toBeLessThan(1e-5);
  });

  it('has the gradient of decoding in one piece', async () => {
    const z = tf.randomNormal([1, 2, 14, 14], 0, 1, 'float32', 2);
    const gradient = (decode: (z: Tensor) => Tensor) =>
      tf.grad((z: Tensor) => tf.sum(tf.square(decode(z))))(z);
    const tiled = gradient((z) => decodeInTiles(local, z, { tile: 8, factor: 2 }));
    expect(await difference(tiled, gradient(local))).toBeLessThan(1e-4);
  });

  it('fades from one tile to the next over a quarter of their side', async () => {
    let tile = 0;
    const counted = (z: Tensor) => tf.add(tf.zerosLike(z), tile++);
    const image = decodeInTiles(counted, tf.zeros([1, 1, 8, 14]), { tile: 8, factor: 1 });
    expect([...(await image.data())].slice(0, 14)).toEqual([
      ...Array(6).fill(0),
      0,
      0.5,
      ...Array(4).fill(1),
      1.0,
      1.5,
    ]);
  });
});
