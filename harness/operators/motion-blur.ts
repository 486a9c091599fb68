import { type Tensor, tf } from '../engine/tf.ts';
import { type Boundary, sourceIndex } from './boundary.ts';
import { blurredLength } from './gaussian-blur.ts';
import { toTensor } from './matrix.ts';
import type { Operator } from './operator.ts';
import { windowSelection } from './windows.ts';

/** How kernels meet the picture. */
export interface MotionBlurOptions {
  /** What lies outside of the picture; by default `reflect`. */
  readonly boundary?: Boundary;
  /** Convolution instead of cross-correlation. */
  readonly flip?: boolean;
}

/**
 * Cross-correlation of each image with its own kernel under reflection padding, [B,C,H,W] -> [B,C,H,W] (DPS's
 * motion_blur; the kernel is not flipped). An even kernel makes each side longer by 1.
 *
 * y[h,:] = sum_k x[h + k - p,:] T_k, where T_k [W,W] holds kernel row k and the boundary along the width.
 * So the blur is a selection of rows and one product with the stacked T_k [kW,W]: exact adjoint, no convolution.
 * @param kernels one k x k kernel an image, row-major
 * @param kernelSize k, odd, less than twice the shorter side
 */
export function motionBlur(
  kernels: readonly ArrayLike<number>[],
  kernelSize: number,
  [, height, width]: readonly [number, number, number],
  { boundary = 'reflect', flip = false }: MotionBlurOptions = {},
): Operator {
  const [outHeight, outWidth] = [blurredLength(height, kernelSize), blurredLength(width, kernelSize)];
  const selection = toTensor(
    windowSelection({
      size: kernelSize,
      before: Math.floor(kernelSize / 2),
      count: outHeight,
      length: height,
      boundary,
    }),
  );
  const oriented = flip ? kernels.map((kernel) => Array.from(kernel).reverse()) : kernels;
  const stacks = tf.tensor3d(
    Float32Array.from(
      oriented.flatMap((kernel) => Array.from(toeplitzStack(kernel, kernelSize, width, boundary))),
    ),
    [kernels.length, kernelSize * width, outWidth],
  );

  const kernel = tf.tensor4d(Float32Array.from(oriented.flatMap((one) => Array.from(one))), [
    kernels.length,
    1,
    kernelSize,
    kernelSize,
  ]);

  function forward(x: Tensor): Tensor {
    const [batch, channels] = x.shape as [number, number];
    const columns = tf.reshape(tf.transpose(x, [0, 1, 3, 2]), [-1, height]);
    const rows = tf.reshape(tf.matMul(columns, selection, false, true), [-1, width, outHeight, kernelSize]);
    const stacked = tf.reshape(tf.transpose(rows, [0, 2, 3, 1]), [
      batch,
      channels * outHeight,
      kernelSize * width,
    ]);
    return tf.reshape(tf.matMul(stacked, stacks), [batch, channels, outHeight, outWidth]);
  }

  function adjoint(y: Tensor): Tensor {
    const [batch, channels] = y.shape as [number, number];
    const stacked = tf.matMul(tf.reshape(y, [batch, channels * outHeight, outWidth]), stacks, false, true);
    const rows = tf.transpose(tf.reshape(stacked, [-1, outHeight, kernelSize, width]), [0, 3, 1, 2]);
    const columns = tf.matMul(tf.reshape(rows, [-1, outHeight * kernelSize]), selection);
    return tf.transpose(tf.reshape(columns, [batch, channels, width, height]), [0, 1, 3, 2]);
  }

  return {
    name: 'motion-blur',
    linear: true,
    forward,
    adjoint,
    dpsTranspose: (y) => y,
    drawn: { kernel },
    dispose: () => tf.dispose([selection, stacks, kernel]),
  };
}

function toeplitzStack(
  kernel: ArrayLike<number>,
  kernelSize: number,
  width: number,
  boundary: Boundary,
): Float64Array {
  const outWidth = blurredLength(width, kernelSize);
  const stack = new Float64Array(kernelSize * width * outWidth);
  const half = Math.floor(kernelSize / 2);
  for (let column = 0; column < outWidth; column++) {
    for (let j = 0; j < kernelSize; j++) {
      const source = sourceIndex(boundary, column + j - half, width);
      if (source === null) continue;
      for (let k = 0; k < kernelSize; k++)
        stack[(k * width + source) * outWidth + column]! += kernel[k * kernelSize + j]!;
    }
  }
  return stack;
}
