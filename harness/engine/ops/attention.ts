import { type Tensor, tf } from '../tf.ts';

/** x [..., I], w [O,I], bias [O] or null -> [..., O]. */
export function linear(x: Tensor, w: Tensor, bias: Tensor | null): Tensor {
  const y = tf.matMul(tf.reshape(x, [-1, x.shape[x.rank - 1]!]), w, false, true);
  return tf.reshape(bias ? tf.add(y, bias) : y, [...x.shape.slice(0, -1), w.shape[0]!]);
}

/**
 * Scaled dot-product attention, softmax(scale * q k^T + bias) v.
 * q [B,heads,N,d], k and v [B,heads,M,d]; bias broadcastable to [B,heads,N,M] or null.
 */
export function attention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  scale: number,
  bias: Tensor | null = null,
): Tensor {
  const scores = tf.matMul(tf.mul(q, scale), k, false, true);
  return tf.matMul(tf.softmax(bias ? tf.add(scores, bias) : scores), v);
}
