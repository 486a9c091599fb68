/**
 * Energy-based cross-attention (EBCA, Park et al., arXiv 2306.09869): attention as a step down an energy of queries and
 * context, so that the context can take steps of its own, nested in the layers of one pass of the network.
 */
import { attention } from '../../engine/ops.ts';
import { type Tensor, tf } from '../../engine/tf.ts';
import { sandwich, toTensor } from '../../operators/matrix.ts';
import { resizeMatrix, triangle } from '../../operators/resize-matrix.ts';
import type { CrossAttention, CrossAttentionLayer } from '../../priors/prior.ts';

/** Step sizes of an update: scalars; `attn` may be one a token, [B,L,1]. */
export interface Gains {
  /** Towards the queries that attend to the context. */
  readonly attn: Tensor;
  /** Away from long keys. */
  readonly norm: Tensor;
}

/** A context [B,L,D] of a composition (CACAO): its share in the attention, which may be negative, and its step sizes. */
export interface Context extends Gains {
  readonly c: Tensor;
  readonly share: Tensor;
}

/**
 * Bayesian context update (BCU), what the layer adds to a context [B,L,D]:
 * (attn softmax_pixels(K Q^T / sqrt(d)) Q - norm softmax_tokens(diag(K K^T)) K) W_K^T.
 * @param mask [B,1,H,W]: what the queries count where pixels are wanted; all of them where there is none
 */
export function contextUpdate(
  layer: CrossAttentionLayer,
  c: Tensor,
  { attn, norm }: Gains,
  mask: Tensor | null = null,
): Tensor {
  const [q, k] = [layer.queries(), layer.keys(c)];
  const [batch, , tokens, d] = k.shape as [number, number, number, number];
  const wanted = mask ? tf.mul(q, onPixels(mask, q.shape[2]!)) : q;
  const fitting = attention(k, q, wanted, 1 / Math.sqrt(d));
  const lengths = tf.softmax(tf.sum(tf.square(k), [1, 3]));
  const shrinking = tf.mul(tf.reshape(lengths, [batch, 1, tokens, 1]), k);
  return tf.sub(tf.mul(attn, layer.fromKeys(fitting)), tf.mul(norm, layer.fromKeys(shrinking)));
}

/** Contexts that a pass of the network carries from layer to layer. */
export interface Nested {
  readonly attend: CrossAttention;
  /** As they are after the layers so far. */
  contexts(): readonly Tensor[];
}

/** Attention to several contexts, mixed by their shares; each is updated after a layer, which still attends to the old one. */
export function nested(contexts: readonly Context[], mask: Tensor | null = null): Nested {
  let now = contexts.map(({ c }) => c);
  const total = sum(contexts.map(({ share }) => share));
  return {
    attend(layer) {
      const parts = contexts.map(({ share }, i) => tf.mul(share, layer.attend(now[i]!)));
      now = contexts.map((context, i) => tf.add(now[i]!, contextUpdate(layer, now[i]!, context, mask)));
      return tf.div(sum(parts), total);
    },
    contexts: () => now,
  };
}

export function sum(xs: readonly Tensor[]): Tensor {
  return xs.reduce((a, b) => tf.add(a, b));
}

/** [B,1,N,1]: the mask at the side of a layer of N pixels, bilinear between corners. */
function onPixels(mask: Tensor, pixels: number): Tensor {
  const [batch, , height, width] = mask.shape as [number, number, number, number];
  const rows = Math.round(Math.sqrt((pixels * height) / width));
  const along = (from: number, to: number) =>
    toTensor(
      resizeMatrix(from, to, triangle, {
        antialias: false,
        boundary: 'edge',
        scale: (to - 1) / (from - 1),
      }),
    );
  const small = sandwich(along(height, rows), mask, along(width, pixels / rows));
  return tf.reshape(small, [batch, 1, pixels, 1]);
}
