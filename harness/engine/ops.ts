/**
 * The network operators that TensorFlow.js lacks or computes slowly, on NCHW tensors with PyTorch's weight layouts,
 * so that weights are used as their files hold them. All are differentiable on every device.
 */
import { type Tensor, tf } from './tf.ts';

export interface Conv2dOptions {
  stride?: number;
  /** One number for all sides, or [top, bottom, left, right]. */
  padding?: number | readonly [number, number, number, number];
}

/** 2-D cross-correlation. x [B,C,H,W], w [O,C,kh,kw], bias [O] or null -> [B,O,H',W']. */
export function conv2d(x: Tensor, w: Tensor, bias: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const { stride = 1, padding = 0 } = options;
  const [top, bottom, left, right] = typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
  const nhwc = tf.pad(tf.transpose(x, [0, 2, 3, 1]), [[0, 0], [top, bottom], [left, right], [0, 0]]);
  const y = tf.conv2d(nhwc as never, tf.transpose(w, [2, 3, 1, 0]) as never, stride, 'valid');
  const out = tf.transpose(y, [0, 3, 1, 2]);
  return bias ? tf.add(out, tf.reshape(bias, [1, -1, 1, 1])) : out;
}

/** x [..., I], w [O,I], bias [O] or null -> [..., O]. */
export function linear(x: Tensor, w: Tensor, bias: Tensor | null): Tensor {
  const rows = tf.reshape(x, [-1, x.shape[x.rank - 1]]);
  const y = tf.matMul(rows as never, w as never, false, true);
  const out = bias ? tf.add(y, bias) : y;
  return tf.reshape(out, [...x.shape.slice(0, -1), w.shape[0]]);
}

/** Group normalisation over channel groups of x [B,C,...]; gamma, beta [C]. */
export function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps: number): Tensor {
  const [b, c] = x.shape;
  const g = tf.reshape(x, [b, groups, -1]);
  const mean = tf.mean(g, 2, true);
  const centred = tf.sub(g, mean);
  const normed = tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), 2, true), eps)));
  const perChannel = [1, c, ...x.shape.slice(2).map(() => 1)];
  return tf.add(tf.mul(tf.reshape(normed, x.shape), tf.reshape(gamma, perChannel)), tf.reshape(beta, perChannel));
}

/** Layer normalisation over the last axis; gamma, beta [D]. */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps: number): Tensor {
  const mean = tf.mean(x, -1, true);
  const centred = tf.sub(x, mean);
  const normed = tf.mul(centred, tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), eps)));
  return tf.add(tf.mul(normed, gamma), beta);
}

/** x * sigmoid(x). */
export function silu(x: Tensor): Tensor {
  return tf.mul(x, tf.sigmoid(x));
}

/** Exact GELU, x * Phi(x). */
export function gelu(x: Tensor): Tensor {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** CLIP's approximation, x * sigmoid(1.702 x). */
export function quickGelu(x: Tensor): Tensor {
  return tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));
}

/**
 * Scaled dot-product attention, softmax(scale * q k^T + bias) v.
 * q [B,heads,N,d], k and v [B,heads,M,d]; bias broadcastable to [B,heads,N,M] or null.
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, scale: number, bias: Tensor | null = null): Tensor {
  const scores = tf.mul(tf.matMul(q, k, false, true), scale);
  return tf.matMul(tf.softmax(bias ? tf.add(scores, bias) : scores), v);
}

/** Nearest-neighbour resize of x [B,C,H,W] to [height, width] (PyTorch's `nearest`: source = floor(i * in / out)). */
export function upsampleNearest(x: Tensor, [height, width]: readonly [number, number]): Tensor {
  const rows = Array.from({ length: height }, (_, i) => Math.floor((i * x.shape[2]!) / height));
  const cols = Array.from({ length: width }, (_, i) => Math.floor((i * x.shape[3]!) / width));
  return tf.gather(tf.gather(x, tf.tensor1d(rows, 'int32'), 2), tf.tensor1d(cols, 'int32'), 3);
}
