import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { quantise } from '../../harness/networks/vector-quantiser.ts';
import { DEVICES, useDevice } from '../support/device.ts';
import { valueAndVjp } from '../support/vjp.ts';

describe.each(DEVICES)('a codebook on %s', (device) => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await useDevice(device));
  });

  const both = (codebook: Tensor, z: Tensor, weight: Tensor) =>
    valueAndVjp(compile, (z) => quantise(codebook, z!), [z], weight);

  it('gives the nearest entry at each place, and the gradient straight to the latent', async () => {
    const codebook = tf.tensor([
      [0, 0],
      [3, 4],
      [-1, 0],
    ]);
    // Channels first: the latents (0.1, 0.2), (2, 3), (-0.6, 0), (100, 100).
    const z = tf.tensor([0.1, 2, -0.6, 100, 0.2, 3, 0, 100], [1, 2, 2, 2]);
    const weight = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
    const { value, gradients } = await both(codebook, z, weight);
    expect([...(await value.data())]).toEqual([0, 3, -1, 3, 0, 4, 0, 4]);
    expect([...(await gradients[0]!.data())]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('compares more latents than are compared at a time', async () => {
    const entries = Array.from({ length: 50 }, (_, i) => i);
    const codebook = tf.tensor(entries, [50, 1]);
    const places = Array.from({ length: 2 * 40 * 30 }, (_, i) => (7 * i) % 50);
    const z = tf.tensor(
      places.map((place, i) => place + 0.4 * Math.sin(i)),
      [2, 1, 40, 30],
    );
    const { value } = await both(codebook, z, tf.onesLike(z));
    expect([...(await value.data())]).toEqual(places);
  });
});
