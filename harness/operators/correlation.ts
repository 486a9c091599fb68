import { conv2d } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { zeros } from './matrix.ts';

/** What makes correlation's weights, [N,tile,2*tile,1,k], of kernels [N,1,k,k]: linear, and a gradient goes through. */
export interface KernelSpread {
  weights(kernels: Tensor): Tensor;
  dispose(): void;
}

/** Channels that a convolution computes at once: more or fewer are filled up. */
const CHANNELS = 16;

/**
 * A convolution of one channel is no matrix product until each pixel's k x k window has been written down, k^2 times the
 * picture. So columns become channels: `tile` columns of the result see 2 * tile columns of the picture, and what is left
 * is a convolution along the height, of 2 * tile channels to `tile`. A tile is at least as wide as a kernel reaches beyond it.
 */
export function kernelSpread(size: number): KernelSpread {
  const tile = CHANNELS * Math.max(1, Math.ceil((size - 1) / CHANNELS));
  const band = zeros(size, tile * 2 * tile);
  for (let column = 0; column < tile; column++) {
    for (let j = 0; j < size; j++) band.data[(j * tile + column) * 2 * tile + column + j] = 1;
  }
  const spread = tf.tensor2d(Float32Array.from(band.data), [size, band.columns]);
  return {
    weights: (kernels) =>
      tf.tidy(() => {
        const rows = tf.matMul(tf.reshape(kernels, [-1, size]), spread);
        const upright = tf.transpose(tf.reshape(rows, [-1, size, band.columns]), [0, 2, 1]);
        return tf.reshape(upright, [-1, tile, 2 * tile, 1, size]);
      }),
    dispose: () => spread.dispose(),
  };
}

/**
 * Cross-correlation of each picture with its kernel, where the kernel lies inside the picture: [B,C,H+k-1,W+k-1] -> [B,C,H,W].
 * @param weights of one kernel for all pictures, or of one for each
 * @throws Error for another number of them
 */
export function correlate(x: Tensor, weights: Tensor): Tensor {
  const [batch, channels, fullHeight, fullWidth] = x.shape as [number, number, number, number];
  const [count, tile, , , size] = weights.shape as [number, number, number, number, number];
  if (count !== 1 && count !== batch)
    throw new Error(`${count} kernels for ${batch} pictures; expected one, or one each`);
  const [height, width] = [fullHeight - size + 1, fullWidth - size + 1];
  const tiles = Math.ceil(width / tile);
  const columns = tf.pad(tf.transpose(x, [0, 1, 3, 2]), [
    [0, 0],
    [0, 0],
    [0, (tiles + 1) * tile - fullWidth],
    [0, 0],
  ]);
  const tilesFrom = (column: number) =>
    tf.reshape(tf.slice(columns, [0, 0, column, 0], [batch, channels, tiles * tile, fullHeight]), [
      batch * channels * tiles,
      tile,
      1,
      fullHeight,
    ]);
  const windows = tf.concat([tilesFrom(0), tilesFrom(tile)], 1);
  const each = windows.shape[0]! / count;
  const rows = tf.reshape(weights, [count * tile, 2 * tile, 1, size]);
  const results = Array.from({ length: count }, (_, i) =>
    conv2d(
      tf.slice(windows, [i * each, 0, 0, 0], [each, 2 * tile, 1, fullHeight]),
      tf.slice(rows, [i * tile, 0, 0, 0], [tile, 2 * tile, 1, size]),
      null,
    ),
  );
  const upright = tf.reshape(tf.concat(results, 0), [batch, channels, tiles * tile, height]);
  return tf.transpose(tf.slice(upright, [0, 0, 0, 0], [batch, channels, width, height]), [0, 1, 3, 2]);
}
