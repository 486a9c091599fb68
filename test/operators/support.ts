import { normals } from '../../harness/engine/random.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { blockAverage } from '../../harness/operators/block-average.ts';
import { circularBlur } from '../../harness/operators/circular-blur.ts';
import { colourisation } from '../../harness/operators/colourisation.ts';
import { gaussianBlur } from '../../harness/operators/gaussian-blur.ts';
import { identity } from '../../harness/operators/identity.ts';
import { inpainting } from '../../harness/operators/inpainting.ts';
import { motionBlur } from '../../harness/operators/motion-blur.ts';
import type { Operator } from '../../harness/operators/operator.ts';
import { sampledGaussian, separableBlur, uniformKernel } from '../../harness/operators/separable-blur.ts';
import { superResolution } from '../../harness/operators/super-resolution.ts';

/** Standard normal numbers, another array for each draw. */
export function gaussian(draw: number, shape: readonly number[]): Tensor {
  const count = sizeOf(shape);
  return tf.tensor(normals({ seed: 0, role: 'sample', image: 'operators', draw }, count), [...shape]);
}

export function kernels(count: number, size: number): Float32Array[] {
  return Array.from({ length: count }, (_, i) => {
    const values = normals({ seed: 0, role: 'sample', image: 'kernel', draw: i }, size * size).map(
      (v) => v * v,
    );
    const sum = values.reduce((a, b) => a + b, 0);
    return values.map((v) => v / sum);
  });
}

/** One of each, for a batch of 2 images of 3x24x32: not square, so that swapped axes show. */
export const shape = [3, 24, 32] as const;
export const operators: Record<string, () => Operator> = {
  'super-resolution x4': () => superResolution(4, shape),
  'super-resolution x8': () => superResolution(8, shape),
  'block average': () => blockAverage(4, shape),
  colourisation: () => colourisation([0.3, 0.5, 0.1]),
  'gaussian blur': () => gaussianBlur({ kernelSize: 15, sigma: 1.5 }, shape),
  'circular blur': () => circularBlur({ kernel: kernels(1, 7)[0]! }, shape),
  'circular blur, decimated': () => circularBlur({ kernel: kernels(1, 5)[0]!, factor: 4 }, shape),
  'motion blur, a kernel an image': () => motionBlur(kernels(2, 7), 7, shape),
  'uniform blur': () => separableBlur(uniformKernel(5), uniformKernel(5), shape),
  'anisotropic blur': () => separableBlur(sampledGaussian(9, 1), sampledGaussian(9, 20), shape),
  identity: () => identity(),
  inpainting: () => inpainting(tf.tidy(() => tf.step(gaussian(1000, [2, 1, 24, 32])))),
};

/** The tensor's values on the host. */
export async function values(tensor: Tensor): Promise<Float32Array> {
  return (await tensor.data()) as Float32Array;
}

/** Inner product over everything, in double precision. */
export async function dot(a: Tensor, b: Tensor): Promise<number> {
  const [x, y] = [await values(a), await values(b)];
  return x.reduce((sum, value, i) => sum + value * y[i]!, 0);
}

export async function norm(a: Tensor): Promise<number> {
  return Math.sqrt(await dot(a, a));
}

export async function difference(a: Tensor, b: Tensor): Promise<number> {
  const [x, y] = [await values(a), await values(b)];
  return Math.sqrt(x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0));
}
