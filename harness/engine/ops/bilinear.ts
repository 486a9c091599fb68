import { type Tensor, tf } from '../tf.ts';

/**
 * Bilinear resize of x [B,C,H,W] to [height, width] as PyTorch's interpolate does it without antialiasing
 * (align_corners false): half-pixel centres, edges repeated. Two products with matrices, so differentiable everywhere.
 */
export function resizeBilinear(x: Tensor, [height, width]: readonly [number, number]): Tensor {
  const [b, c, h, w] = x.shape as [number, number, number, number];
  const rows = tf.matMul(tf.reshape(x, [b * c * h, w]), bilinearMatrix(w, width), false, true);
  const stacked = tf.transpose(tf.reshape(rows, [b * c, h, width]), [0, 2, 1]);
  const columns = tf.matMul(tf.reshape(stacked, [b * c * width, h]), bilinearMatrix(h, height), false, true);
  return tf.reshape(tf.transpose(tf.reshape(columns, [b * c, width, height]), [0, 2, 1]), [
    b,
    c,
    height,
    width,
  ]);
}

/** [outLength, inLength] */
function bilinearMatrix(inLength: number, outLength: number): Tensor {
  const weights = new Float32Array(outLength * inLength);
  for (let i = 0; i < outLength; i++) {
    const place = Math.max(0, ((i + 0.5) * inLength) / outLength - 0.5);
    const below = Math.min(Math.floor(place), inLength - 1);
    const above = Math.min(below + 1, inLength - 1);
    weights[i * inLength + below]! += 1 - (place - below);
    weights[i * inLength + above]! += place - below;
  }
  return tf.tensor2d(weights, [outLength, inLength]);
}
