import { type Tensor, tf } from '../engine/tf.ts';
import type { Boundary } from './boundary.ts';
import { toTensor } from './matrix.ts';
import { sameWindows, windowSelection } from './windows.ts';

/**
 * Cross-correlation of each image [B,C,H,W] with its own kernel [B,1,k,k], which a gradient goes through too. An even kernel
 * reaches one pixel further down and to the right.
 *
 * y[h,:] = sum_k x[h + k - p,:] T_k, where T_k [W,W] spreads kernel row k along the width: T is linear in the kernel.
 */
export function kernelBlur(
  size: number,
  [, height, width]: readonly [number, number, number],
  boundary: Boundary,
): (x: Tensor, kernel: Tensor) => Tensor {
  const rows = toTensor(windowSelection(sameWindows(size, height, boundary)));
  // [W*k, W]: column by tap by source -> [k, W*W]: tap by source by column.
  const columns = toTensor(windowSelection(sameWindows(size, width, boundary)));
  const spread = tf.tidy(() =>
    tf.reshape(tf.transpose(tf.reshape(columns, [width, size, width]), [1, 2, 0]), [size, width * width]),
  );
  columns.dispose();

  return (x, kernel) => {
    const [batch, channels] = x.shape as [number, number];
    const toeplitz = tf.reshape(tf.matMul(tf.reshape(kernel, [batch * size, size]), spread), [
      batch,
      size * width,
      width,
    ]);
    const upright = tf.reshape(tf.transpose(x, [0, 1, 3, 2]), [-1, height]);
    const windows = tf.reshape(tf.matMul(upright, rows, false, true), [-1, width, height, size]);
    const stacked = tf.reshape(tf.transpose(windows, [0, 2, 3, 1]), [batch, channels * height, size * width]);
    return tf.reshape(tf.matMul(stacked, toeplitz), [batch, channels, height, width]);
  };
}
