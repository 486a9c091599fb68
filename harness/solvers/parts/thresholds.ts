import { type Tensor, tf } from '../../engine/tf.ts';

/**
 * Estimates [B,...] brought back to [-1,1], clip(x_0, -s, s) / s, where s is the `quantile` of a picture's |x_0| between 1 and
 * `most`: dynamic thresholding; `most` 1 is static thresholding, clipping (Saharia et al., arXiv 2205.11487, section 2.3). The
 * quantile lies linearly between two magnitudes, as torch.quantile has it.
 */
export function thresholded(x0: Tensor, quantile: number, most: number): Tensor {
  const batch = x0.shape[0]!;
  const s = tf.reshape(tf.clipByValue(quantileOf(tf.reshape(tf.abs(x0), [batch, -1]), quantile), 1, most), [
    batch,
    ...x0.shape.slice(1).map(() => 1),
  ]);
  return tf.div(tf.maximum(tf.minimum(x0, s), tf.neg(s)), s);
}

/** Of each row: [B,n] -> [B,1]. */
function quantileOf(x: Tensor, quantile: number): Tensor {
  const [batch, n] = x.shape as [number, number];
  const rank = quantile * (n - 1);
  const k = n - Math.floor(rank);
  const { values } = tf.topk(x, k);
  const at = (place: number) => tf.slice(values, [0, place], [batch, 1]);
  const [low, high] = [at(k - 1), at(Math.max(k - 2, 0))];
  return tf.add(low, tf.mul(tf.sub(high, low), rank % 1));
}
