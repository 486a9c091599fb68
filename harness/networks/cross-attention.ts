import { attention } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { dense } from './layers.ts';
import type { NetworkParams } from './params.ts';
import { mergeHeads, splitHeads } from './tokens.ts';

/** A layer of cross-attention in one pass of a network: its queries, and what they make of a context [B,L,D]. */
export interface CrossAttentionLayer {
  /** What the layer gives for the context, its output projection included: [B,N,C]. */
  attend(context: Tensor): Tensor;
  /** Q [B,heads,N,d] of the N pixels. */
  queries(): Tensor;
  /** K = C W_K [B,heads,L,d]. */
  keys(context: Tensor): Tensor;
  /** k W_K^T [B,L,D] of k [B,heads,L,d]: where among contexts a move of the keys points. */
  fromKeys(k: Tensor): Tensor;
}

/** What stands for the cross-attention of a network: called for each layer, in the order of the pass; gives what it gives. */
export type CrossAttention = (layer: CrossAttentionLayer) => Tensor;

/** @param pixels normalised hidden states [B,N,C] */
export function crossAttentionLayer(w: NetworkParams, pixels: Tensor, heads: number): CrossAttentionLayer {
  return {
    attend: (context) => multiHeadAttention(w, pixels, context, heads),
    queries: () => splitHeads(dense(w.scope('to_q'), pixels), heads),
    keys: (context) => splitHeads(dense(w.scope('to_k'), context), heads),
    fromKeys(k) {
      const keys = mergeHeads(k);
      const [batch, tokens, width] = keys.shape as [number, number, number];
      const moved = tf.matMul(tf.reshape(keys, [batch * tokens, width]), w.get('to_k.weight'));
      return tf.reshape(moved, [batch, tokens, -1]);
    },
  };
}

/**
 * diffusers' Attention: to_q of the queries [B,N,C], to_k and to_v of the context [B,M,D], to_out.0 of the result.
 * Also the autoencoder's, which has biases on all four.
 */
export function multiHeadAttention(
  w: NetworkParams,
  queries: Tensor,
  context: Tensor,
  heads: number,
): Tensor {
  const q = splitHeads(dense(w.scope('to_q'), queries), heads);
  const k = splitHeads(dense(w.scope('to_k'), context), heads);
  const v = splitHeads(dense(w.scope('to_v'), context), heads);
  const scale = 1 / Math.sqrt(q.shape[3]!);
  return dense(w.scope('to_out.0'), mergeHeads(attention(q, k, v, scale)));
}
