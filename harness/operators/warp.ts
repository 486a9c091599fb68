import { type Tensor, tf } from '../engine/tf.ts';

/**
 * Bilinear resampling of x [B,C,H,W] at pixel (column + tilt_0, row + tilt_1), tilt [B,2,H,W] in pixels; zeros lie outside
 * (PyTorch's grid_sample with aligned corners).
 *
 * Along each axis a sample weighs max(0, 1 - distance), so that the resampling is two products with matrices and a gradient
 * goes through the places too. They have (H W) (H + W) entries an image.
 */
export function warp(x: Tensor, tilt: Tensor): Tensor {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const pixels = height * width;
  const [across, down] = tf.split(tilt, 2, 1) as [Tensor, Tensor];
  const column = hat(tf.reshape(tf.add(across, line(width)), [batch, pixels, 1]), width);
  const row = hat(
    tf.reshape(tf.add(down, tf.reshape(line(height), [height, 1])), [batch, pixels, 1]),
    height,
  );
  const rows = tf.matMul(tf.reshape(x, [batch, channels * height, width]), column, false, true);
  const weights = tf.expandDims(tf.transpose(row, [0, 2, 1]), 1);
  const sampled = tf.sum(tf.mul(tf.reshape(rows, [batch, channels, height, pixels]), weights), 2);
  return tf.reshape(sampled, [batch, channels, height, width]);
}

/** Weight of each of `length` samples at places [B,P,1]: [B,P,length]. */
function hat(places: Tensor, length: number): Tensor {
  return tf.relu(tf.sub(1, tf.abs(tf.sub(places, line(length)))));
}

function line(length: number): Tensor {
  return tf.tensor1d(Float32Array.from({ length }, (_, i) => i));
}
