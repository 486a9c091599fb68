import { describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { BOUNDARIES, type Boundary, sourceIndex } from '../../harness/operators/boundary.ts';
import { correlate, kernelSpread } from '../../harness/operators/correlation.ts';
import { kernelBlur } from '../../harness/operators/kernel-blur.ts';
import { motionBlur } from '../../harness/operators/motion-blur.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { dot, gaussian, kernels, norm } from './support.ts';

const valuesOf = async (x: Tensor) => Float64Array.from(await x.data());

/** The sum over the kernel, term by term, of pictures [B,C,H,W]. */
async function summed(x: Tensor, kernels: readonly ArrayLike<number>[], size: number, boundary: Boundary) {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const data = await x.data();
  const half = Math.floor(size / 2);
  const longer = size % 2 === 0 ? 1 : 0;
  const result: number[] = [];
  for (let plane = 0; plane < batch * channels; plane++)
    for (let h = 0; h < height + longer; h++)
      for (let w = 0; w < width + longer; w++) {
        let sum = 0;
        for (let tap = 0; tap < size * size; tap++) {
          const row = sourceIndex(boundary, h + Math.floor(tap / size) - half, height);
          const column = sourceIndex(boundary, w + (tap % size) - half, width);
          if (row === null || column === null) continue;
          sum +=
            kernels[Math.floor(plane / channels)]![tap]! * data[(plane * height + row) * width + column]!;
        }
        result.push(sum);
      }
  return Float64Array.from(result);
}

describe.each(['cpu-reference', 'cpu'] as const)('motion blur on %s', (device) => {
  const shape = [2, 19, 41] as const;

  // 17 and 18 lie around the width of the narrowest tile, of which 41 columns take three; 25 is wider than the picture is high.
  it.each([1, 2, 3, 17, 18, 25])('is the sum over a kernel of %i x the same', async (size) => {
    await useDevice(device);
    const own = kernels(2, size);
    const A = motionBlur(own, size, shape);
    const x = gaussian(0, [2, ...shape]);
    const y = A.forward(x);
    expect(apart(await valuesOf(y), await summed(x, own, size, 'reflect'))).toBeLessThan(1e-5);
    const v = gaussian(1, y.shape);
    const [left, right] = [await dot(y, v), await dot(x, A.adjoint!(v))];
    expect(Math.abs(left - right)).toBeLessThan(1e-5 * (await norm(y)) * (await norm(v)));
  });

  it.each(BOUNDARIES)('%s lies outside of the picture', async (boundary) => {
    await useDevice(device);
    const own = kernels(2, 9);
    const x = gaussian(0, [2, ...shape]);
    const y = motionBlur(own, 9, shape, { boundary }).forward(x);
    expect(apart(await valuesOf(y), await summed(x, own, 9, boundary))).toBeLessThan(1e-5);
  });

  it.each([1, 2])('has a gradient by the kernels of a batch of %i', async (batch) => {
    await useDevice(device);
    const blur = kernelBlur(5, shape, 'reflect');
    const [x, v] = [gaussian(0, [batch, ...shape]), gaussian(1, [batch, ...shape])];
    const inner = (kernel: Tensor) => tf.sum(tf.mul(v, blur(x, kernel)));
    const [at, along] = [gaussian(2, [batch, 1, 5, 5]), gaussian(3, [batch, 1, 5, 5])];
    const slope = await dot(tf.grad(inner)(at), along);
    const [found] = await inner(along).data();
    expect(slope / found!).toBeCloseTo(1, 4);
  });
});

it('takes 4 MB a kernel of 61 x 61 at 512 x 512, where matrices of whole rows took 128', async () => {
  await useDevice('cpu-reference');
  const before = tf.memory().numBytes;
  const A = motionBlur(kernels(1, 61), 61, [3, 512, 512]);
  expect(tf.memory().numBytes - before).toBeLessThan(8e6);
  A.dispose();
});

it('refuses kernels that are neither one nor one a picture', async () => {
  await useDevice('cpu-reference');
  const weights = kernelSpread(3).weights(gaussian(0, [2, 1, 3, 3]));
  expect(() => correlate(gaussian(1, [4, 1, 8, 8]), weights)).toThrow('2 kernels for 4 pictures');
});
