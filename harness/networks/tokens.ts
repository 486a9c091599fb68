/** Moves between feature maps [B,C,H,W], token sequences [B,N,C] and attention heads [B,heads,N,C/heads]. */
import { type Tensor, tf } from '../engine/tf.ts';

/** [B,C,H,W] -> [B,H*W,C]. */
export function toTokens(x: Tensor): Tensor {
  const [b, c, h, w] = x.shape as [number, number, number, number];
  return tf.transpose(tf.reshape(x, [b, c, h * w]), [0, 2, 1]);
}

/** [B,H*W,C] -> [B,C,H,W]. */
export function toMap(tokens: Tensor, height: number, width: number): Tensor {
  const [b, , c] = tokens.shape as [number, number, number];
  return tf.reshape(tf.transpose(tokens, [0, 2, 1]), [b, c, height, width]);
}

/** [B,N,C] -> [B,heads,N,C/heads]. */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [b, n, c] = x.shape as [number, number, number];
  if (heads === 1) return tf.reshape(x, [b, 1, n, c]);
  return tf.transpose(tf.reshape(x, [b, n, heads, c / heads]), [0, 2, 1, 3]);
}

/** [B,heads,N,d] -> [B,N,heads*d]. */
export function mergeHeads(x: Tensor): Tensor {
  const [b, heads, n, d] = x.shape as [number, number, number, number];
  return tf.reshape(heads === 1 ? x : tf.transpose(x, [0, 2, 1, 3]), [b, n, heads * d]);
}
