import { gelu, linear } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { type CrossAttention, crossAttentionLayer, multiHeadAttention } from './cross-attention.ts';
import { conv, dense, norm, tokenNorm } from './layers.ts';
import type { ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { toMap, toTokens } from './tokens.ts';

/** Fixed in diffusers' Transformer2DModel, whatever the U-Net's norm_eps. */
const GROUP_NORM_EPS = 1e-6;
const LAYER_NORM_EPS = 1e-5;

export interface TransformerOptions {
  readonly heads: number;
  readonly groups: number;
  /** Number of transformer blocks. */
  readonly depth: number;
  /** Project tokens by a linear layer (SD 2.x) instead of the map by a 1x1 convolution (SD 1.x). */
  readonly linearProjection: boolean;
}

/**
 * diffusers' Transformer2DModel on a feature map, with residual.
 * @param x [B,C,H,W]
 */
export function transformer2d(
  w: NetworkParams,
  x: Tensor,
  cross: CrossAttention,
  options: TransformerOptions,
): Tensor {
  const { heads, groups, depth, linearProjection } = options;
  const [, , height, width] = x.shape as [number, number, number, number];
  const normed = norm(w.scope('norm'), x, groups, GROUP_NORM_EPS);
  const projectIn = w.scope('proj_in');
  let tokens = linearProjection ? dense(projectIn, toTokens(normed)) : toTokens(conv(projectIn, normed));
  for (let i = 0; i < depth; i++) {
    tokens = transformerBlock(w.scope(`transformer_blocks.${i}`), tokens, cross, heads);
  }
  const projectOut = w.scope('proj_out');
  const out = linearProjection
    ? toMap(dense(projectOut, tokens), height, width)
    : conv(projectOut, toMap(tokens, height, width));
  return tf.add(out, x);
}

/** Self-attention, cross-attention and GEGLU feed-forward, each normalised before and added after. x [B,N,C]. */
function transformerBlock(w: NetworkParams, x: Tensor, cross: CrossAttention, heads: number): Tensor {
  const queries = tokenNorm(w.scope('norm1'), x, LAYER_NORM_EPS);
  let h = tf.add(x, multiHeadAttention(w.scope('attn1'), queries, queries, heads));
  const crossQueries = tokenNorm(w.scope('norm2'), h, LAYER_NORM_EPS);
  h = tf.add(h, cross(crossAttentionLayer(w.scope('attn2'), crossQueries, heads)));
  return tf.add(h, geglu(w.scope('ff.net'), tokenNorm(w.scope('norm3'), h, LAYER_NORM_EPS)));
}

/**
 * Linear(value * GELU(gate)), value and gate being the halves of one projection to 8C. The halves are the weights': those of
 * the result would be copies.
 */
function geglu(w: NetworkParams, x: Tensor): Tensor {
  const halves = (name: string) => tf.split(w.get(`0.proj.${name}`), 2) as [Tensor, Tensor];
  const [weights, biases] = [halves('weight'), halves('bias')];
  const gate = linear(x, weights[1], biases[1]);
  return dense(w.scope('2'), tf.mul(linear(x, weights[0], biases[0]), gelu(gate)));
}

/** Parameters of transformer2d on `channels` with a context of width `contextWidth`. */
export function transformer2dShapes(
  shapes: ShapeList,
  channels: number,
  contextWidth: number,
  { depth, linearProjection }: TransformerOptions,
): void {
  const project = (name: string) =>
    linearProjection ? shapes.linear(name, channels, channels) : shapes.conv(name, channels, channels, 1);
  shapes.norm('norm', channels);
  project('proj_in');
  for (let i = 0; i < depth; i++) {
    const block = shapes.scope(`transformer_blocks.${i}`);
    for (const [name, width] of [
      ['attn1', channels],
      ['attn2', contextWidth],
    ] as const) {
      const attn = block.scope(name);
      attn.linear('to_q', channels, channels, false);
      attn.linear('to_k', width, channels, false);
      attn.linear('to_v', width, channels, false);
      attn.linear('to_out.0', channels, channels);
    }
    for (const name of ['norm1', 'norm2', 'norm3']) block.norm(name, channels);
    block.linear('ff.net.0.proj', channels, 8 * channels);
    block.linear('ff.net.2', 4 * channels, channels);
  }
  project('proj_out');
}
