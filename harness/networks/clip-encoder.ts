import { attention, gelu, quickGelu } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { dense, tokenNorm } from './layers.ts';
import type { ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { mergeHeads, splitHeads } from './tokens.ts';

/** What CLIP's text and vision encoders have in common. */
export interface ClipEncoderConfig {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly hidden_act: 'quick_gelu' | 'gelu';
  readonly layer_norm_eps: number;
}

/**
 * transformers' CLIPEncoder (v4.27.1): layers that normalise before attention and before the feed-forward network.
 * @param x [B,L,D]
 * @param mask additive bias on the scores, broadcastable to [B,heads,L,L]; null: every token sees all
 * @param skip last layers to leave out
 * @returns [B,L,D]
 */
export function clipEncoder(
  w: NetworkParams,
  config: ClipEncoderConfig,
  x: Tensor,
  mask: Tensor | null,
  skip = 0,
): Tensor {
  let h = x;
  for (let i = 0; i < config.num_hidden_layers - skip; i++) {
    h = encoderLayer(w.scope(`layers.${i}`), config, h, mask);
  }
  return h;
}

export function clipEncoderShapes(shapes: ShapeList, config: ClipEncoderConfig): void {
  const width = config.hidden_size;
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = shapes.scope(`layers.${i}`);
    layer.norm('layer_norm1', width);
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      layer.linear(`self_attn.${name}`, width, width);
    layer.norm('layer_norm2', width);
    layer.linear('mlp.fc1', width, config.intermediate_size);
    layer.linear('mlp.fc2', config.intermediate_size, width);
  }
}

function encoderLayer(w: NetworkParams, config: ClipEncoderConfig, x: Tensor, mask: Tensor | null): Tensor {
  const activate = config.hidden_act === 'gelu' ? gelu : quickGelu;
  const heads = config.num_attention_heads;
  const attn = w.scope('self_attn');
  const normed = tokenNorm(w.scope('layer_norm1'), x, config.layer_norm_eps);
  const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((name) =>
    splitHeads(dense(attn.scope(name), normed), heads),
  ) as [Tensor, Tensor, Tensor];
  const mixed = mergeHeads(attention(q, k, v, 1 / Math.sqrt(q.shape[3]!), mask));
  const h = tf.add(x, dense(attn.scope('out_proj'), mixed));
  const inner = activate(
    dense(w.scope('mlp.fc1'), tokenNorm(w.scope('layer_norm2'), h, config.layer_norm_eps)),
  );
  return tf.add(h, dense(w.scope('mlp.fc2'), inner));
}
