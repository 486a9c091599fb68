import { tf } from '../engine/tf.ts';
import type { Boundary } from './boundary.ts';
import { continuation } from './continuation.ts';
import { correlate, kernelSpread } from './correlation.ts';
import { sandwich, sandwichAdjoint, toTensor } from './matrix.ts';
import type { Operator } from './operator.ts';

/** How kernels meet the picture. */
export interface MotionBlurOptions {
  /** What lies outside of the picture; by default `reflect`. */
  readonly boundary?: Boundary;
  /** Convolution instead of cross-correlation. */
  readonly flip?: boolean;
}

/**
 * Cross-correlation of each image with its own kernel under reflection padding, [B,C,H,W] -> [B,C,H,W] (DPS's
 * motion_blur; the kernel is not flipped). An even kernel makes each side longer by 1. Its adjoint is exact: the correlation
 * of what lies in a border of zeros with the kernel turned round, then the padding's transpose.
 * @param kernels one k x k kernel an image, row-major
 * @param kernelSize k, odd, less than twice the shorter side
 */
export function motionBlur(
  kernels: readonly ArrayLike<number>[],
  kernelSize: number,
  [, height, width]: readonly [number, number, number],
  { boundary = 'reflect', flip = false }: MotionBlurOptions = {},
): Operator {
  const half = Math.floor(kernelSize / 2);
  const padding = (length: number) => toTensor(continuation(boundary, length, half, half));
  const [rows, columns] = [padding(height), padding(width)];
  const asTensor = (oriented: readonly (readonly number[])[]) =>
    tf.tensor4d(Float32Array.from(oriented.flat()), [kernels.length, 1, kernelSize, kernelSize]);
  const straight = kernels.map((kernel) => Array.from(kernel));
  const turned = straight.map((kernel) => kernel.toReversed());
  const kernel = asTensor(flip ? turned : straight);
  const turnedKernel = asTensor(flip ? straight : turned);
  const spread = kernelSpread(kernelSize);
  const [weights, turnedWeights] = [spread.weights(kernel), spread.weights(turnedKernel)];
  spread.dispose();
  turnedKernel.dispose();

  const border = [kernelSize - 1, kernelSize - 1] as [number, number];
  return {
    name: 'motion-blur',
    linear: true,
    forward: (x) => correlate(sandwich(rows, x, columns), weights),
    adjoint: (y) =>
      sandwichAdjoint(rows, correlate(tf.pad(y, [[0, 0], [0, 0], border, border]), turnedWeights), columns),
    dpsTranspose: (y) => y,
    drawn: { kernel },
    dispose: () => tf.dispose([rows, columns, weights, turnedWeights, kernel]),
  };
}
