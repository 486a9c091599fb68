import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { blindBlur, kernelCode, turbulence } from '../../harness/operators/blind-blur.ts';
import { motionBlur } from '../../harness/operators/motion-blur.ts';
import type { Law } from '../../harness/operators/operator-family.ts';
import { warp } from '../../harness/operators/warp.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { gaussian, kernels } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const SHAPE = [3, 10, 12] as const;
const law: Law = { is: 'examples', codes: tf.zeros([1, 1, 1, 1]) };
const picture = () => gaussian(0, [2, ...SHAPE]);
const kernelOf = (size: number) =>
  tf.reshape(tf.stack(kernels(2, size).map((kernel) => tf.tensor1d(kernel))), [2, 1, size, size]);
const valuesOf = async (x: Tensor) => Float64Array.from(await x.data());

describe('a blur by an unknown kernel', () => {
  it('is that of motion deblurring with zeros outside, where the kernel is odd', async () => {
    const family = blindBlur({ size: 5, law, boundary: 'constant' }, SHAPE);
    const known = motionBlur(kernels(2, 5), 5, SHAPE, { boundary: 'constant' });
    const [found, expected] = [family.forward(picture(), { kernel: kernelOf(5) }), known.forward(picture())];
    expect(found.shape).toEqual([2, ...SHAPE]);
    expect(apart(await valuesOf(found), await valuesOf(expected))).toBeLessThan(1e-6);
  });

  it('reaches (k-1)/2 pixels up and k/2 down where it is even', async () => {
    const { forward } = blindBlur({ size: 4, law, boundary: 'constant' }, [1, 4, 4]);
    const point = (index: number) => tf.reshape(tf.cast(tf.oneHot([index], 16), 'float32'), [1, 1, 4, 4]);
    // Entry (3,3) of the kernel looks two pixels down and to the right.
    const x = point(15);
    expect(await valuesOf(forward(x, { kernel: point(15) }))).toEqual(await valuesOf(point(5)));
    expect(await valuesOf(forward(point(0), { kernel: point(0) }))).toEqual(await valuesOf(point(5)));
  });

  it('is linear in its kernel, whose gradient is the correlation with the picture', async () => {
    const { forward } = blindBlur({ size: 3, law, boundary: 'constant' }, SHAPE);
    const [x, v] = [picture(), gaussian(1, [2, ...SHAPE])];
    const inner = (kernel: Tensor) => tf.sum(tf.mul(v, forward(x, { kernel })));
    const gradient = tf.grad(inner)(kernelOf(3));
    const [product, direct] = [tf.sum(tf.mul(gradient, kernelOf(3))), inner(kernelOf(3))];
    expect((await product.data())[0]).toBeCloseTo((await direct.data())[0]!, 4);
  });

  it('takes kernels out of codes whose brightest pixel is 1', async () => {
    const { kernel } = blindBlur({ size: 5, law, boundary: 'constant' }, SHAPE).unknowns;
    const code = kernelCode(kernelOf(5));
    const largest = await valuesOf(tf.max(code, [1, 2, 3]));
    expect(Array.from(largest)).toEqual([1, 1]);
    expect(apart(await valuesOf(kernel.decode(code)), await valuesOf(kernelOf(5)))).toBeLessThan(1e-6);
    expect(await valuesOf(kernel.decode(tf.fill([1, 1, 2, 2], -1)))).toEqual(new Float64Array(4));
  });
});

describe('resampling at tilted places', () => {
  const tilted = (across: number, down: number) =>
    tf.concat([tf.fill([1, 1, 2, 3], across), tf.fill([1, 1, 2, 3], down)], 1);
  const x = () => tf.tensor4d([1, 2, 4, 8, 16, 32], [1, 1, 2, 3]);

  it.each([
    ['nowhere', 0, 0, [1, 2, 4, 8, 16, 32]],
    ['to the right', 1, 0, [2, 4, 0, 16, 32, 0]],
    ['down', 0, 1, [8, 16, 32, 0, 0, 0]],
    ['half a pixel to the left', -0.5, 0, [0.5, 1.5, 3, 4, 12, 24]],
    ['between four pixels', 0.5, 0.5, [6.75, 13.5, 9, 6, 12, 8]],
  ])('%s', async (_, across, down, expected) => {
    expect(Array.from(await warp(x(), tilted(across, down)).data())).toEqual(expected);
  });

  it('has a gradient with respect to the tilt: the slope of the picture', async () => {
    const gradient = tf.grad((tilt: Tensor) => tf.sum(warp(x(), tilt)))(tilted(0.25, 0));
    expect(Array.from(await gradient.data()).slice(0, 6)).toEqual([1, 2, -4, 8, 16, -32]);
  });

  it('comes before the blur, a code of 1 being `reach` pixels', async () => {
    const family = turbulence({ size: 3, law, boundary: 'constant' }, { reach: 2, law }, [1, 1, 8]);
    const x = tf.tensor4d([1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 8]);
    const kernel = tf.fill([1, 1, 3, 3], 1 / 3);
    const tilt = family.unknowns.tilt!.decode(tf.concat([tf.ones([1, 1, 1, 8]), tf.zeros([1, 1, 1, 8])], 1));
    // Two samples come from outside, and then the mean of three: blurred first, the zero would not spread.
    const y = Array.from(await family.forward(x, { kernel, tilt }).data());
    expect(y.map((value) => Math.round(3 * value))).toEqual([2, 3, 3, 3, 3, 2, 1, 0]);
  });
});
