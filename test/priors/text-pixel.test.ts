import { beforeAll, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import { openTextPixel } from '../../harness/priors/text-pixel.ts';
import { hashTextPixelFolder, readTextPixelFolder } from '../../harness/priors/text-pixel-folder.ts';
import { writeTinyTextPixel } from '../support/tiny-text-pixel.ts';

const folder = writeTinyTextPixel();
let device: Device;
let prior: Prior;
let x: Tensor;
beforeAll(async () => {
  device = await openDevice('cpu:1');
  prior = openTextPixel(folder, 'tiny', device.constant);
  x = tf.randomNormal([2, 3, 32, 32], 0, 1, 'float32', 3);
});

const valuesOf = async (fn: (x: Tensor) => Tensor): Promise<Float32Array> => {
  const result = await device.compile(({ x }: { x: Tensor }) => fn(x))({ x });
  return (await result.data()) as Float32Array;
};

describe('a text-conditioned pixel model', () => {
  it('diffuses pictures and predicts velocities under a cosine schedule', () => {
    expect(prior.shape).toEqual([3, 32, 32]);
    expect(prior.imageShape).toEqual(prior.shape);
    expect(prior.predicts).toBe('v');
    const { alphasCumprod } = readTextPixelFolder(folder).schedule;
    expect(alphasCumprod[499]).toBeCloseTo(0.4938, 3);
  });

  it('takes the empty prompt where it is given none', async () => {
    const without = await valuesOf((x) => prior.predict(x, tf.scalar(300)).value);
    const empty = prior.text!.embed(['', '']);
    const other = prior.text!.embed(['red hat', 'blue eyes']);
    const furthest = async (prompt: Tensor) => {
      const values = await valuesOf((x) => prior.predict(x, tf.scalar(300), prompt).value);
      return Math.max(...values.map((value, i) => Math.abs(value - without[i]!)));
    };
    // A prompt that is part of the graph is computed in another order than one that is given to it.
    expect(await furthest(empty)).toBeLessThan(1e-6);
    expect(await furthest(other)).toBeGreaterThan(1e-4);
  });

  it('has a CLIP of noised pictures that is told the time, where the folder has one', async () => {
    const { noisedClip } = prior;
    const at = (t: number) => valuesOf((x) => noisedClip!.imageFeatures(x, tf.scalar(t)));
    expect(await at(100)).toHaveLength(2 * 96);
    expect(await at(100)).not.toEqual(await at(900));
    expect(noisedClip!.textFeatures(['red hat']).shape).toEqual([1, 96]);
    expect((await noisedClip!.scale.data())[0]).toBeCloseTo(1 / 0.07, 2);

    const plain = writeTinyTextPixel({ noisedClip: false });
    expect(openTextPixel(plain, 'plain', device.constant).noisedClip).toBeUndefined();
    expect(hashTextPixelFolder(plain)).not.toBe(hashTextPixelFolder(folder));
  });

  it('gives its CLIP a gradient towards a prompt, the same for a picture in any batch', async () => {
    const { noisedClip } = prior;
    const gradient = (x: Tensor) =>
      tf.grad((x: Tensor) =>
        tf.sum(tf.mul(noisedClip!.imageFeatures(x, tf.scalar(300)), noisedClip!.textFeatures(['red hat']))),
      )(x);
    const both = await valuesOf(gradient);
    const second = await valuesOf((x) => gradient(tf.slice(x, [1, 0, 0, 0], [1, 3, 32, 32])));
    const size = 3 * 32 * 32;
    const largest = Math.max(...second.map(Math.abs));
    expect(largest).toBeGreaterThan(0);
    for (let i = 0; i < size; i += 97)
      expect(Math.abs(both[size + i]! - second[i]!)).toBeLessThan(1e-4 * largest);
  });
});
