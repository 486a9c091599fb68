import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';
import { reflect } from './reflect.ts';

/**
 * Cross-correlation of each image with its own kernel under reflection padding, [B,C,H,W] -> [B,C,H,W] (DPS's
 * motion_blur; the kernel is not flipped).
 *
 * y[h,:] = sum_k x[reflect(h + k - p),:] T_k, where T_k [W,W] holds kernel row k and the reflection along the width.
 * So the blur is a selection of rows and one product with the stacked T_k [kW,W]: exact adjoint, no convolution.
 * @param kernels one k x k kernel an image, row-major
 * @param kernelSize k, odd, less than twice the shorter side
 */
export function motionBlur(
  kernels: readonly ArrayLike<number>[],
  kernelSize: number,
  [, height, width]: readonly [number, number, number],
): Operator {
  const selection = rowSelection(kernelSize, height);
  const stacks = tf.tensor3d(
    Float32Array.from(kernels.flatMap((kernel) => Array.from(toeplitzStack(kernel, kernelSize, width)))),
    [kernels.length, kernelSize * width, width],
  );

  function forward(x: Tensor): Tensor {
    const [batch, channels] = x.shape as [number, number];
    const columns = tf.reshape(tf.transpose(x, [0, 1, 3, 2]), [-1, height]);
    const rows = tf.reshape(tf.matMul(columns, selection, false, true), [-1, width, height, kernelSize]);
    const stacked = tf.reshape(tf.transpose(rows, [0, 2, 3, 1]), [
      batch,
      channels * height,
      kernelSize * width,
    ]);
    return tf.reshape(tf.matMul(stacked, stacks), [batch, channels, height, width]);
  }

  function adjoint(y: Tensor): Tensor {
    const [batch, channels] = y.shape as [number, number];
    const stacked = tf.matMul(tf.reshape(y, [batch, channels * height, width]), stacks, false, true);
    const rows = tf.transpose(tf.reshape(stacked, [-1, height, kernelSize, width]), [0, 3, 1, 2]);
    const columns = tf.matMul(tf.reshape(rows, [-1, height * kernelSize]), selection);
    return tf.transpose(tf.reshape(columns, [batch, channels, width, height]), [0, 1, 3, 2]);
  }

  return {
    name: 'motion-blur',
    linear: true,
    forward,
    adjoint,
    dpsTranspose: (y) => y,
    dispose: () => tf.dispose([selection, stacks]),
  };
}

/** 0/1 matrix [H*k, H] whose row (h,k) picks image row reflect(h + k - p). */
function rowSelection(kernelSize: number, height: number) {
  const values = new Float32Array(height * kernelSize * height);
  const half = (kernelSize - 1) / 2;
  for (let h = 0; h < height; h++) {
    for (let k = 0; k < kernelSize; k++)
      values[(h * kernelSize + k) * height + reflect(h + k - half, height)] = 1;
  }
  return tf.tensor2d(values, [height * kernelSize, height]);
}

function toeplitzStack(kernel: ArrayLike<number>, kernelSize: number, width: number): Float64Array {
  const stack = new Float64Array(kernelSize * width * width);
  const half = (kernelSize - 1) / 2;
  for (let k = 0; k < kernelSize; k++) {
    for (let column = 0; column < width; column++) {
      for (let j = 0; j < kernelSize; j++) {
        stack[(k * width + reflect(column + j - half, width)) * width + column]! +=
          kernel[k * kernelSize + j]!;
      }
    }
  }
  return stack;
}
