/**
 * The image tower of GLIDE's CLIP of noised pictures (openai/glide-text2im, glide_text2im/clip/encoders.py), with its state_dict
 * names. No prior has it: cases of `tweedie verify` ask for it.
 */
import { z } from 'zod';
import { attention, conv2d, gelu, layerNorm, linear } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { clipPixels } from './clip-pixels.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { mergeHeads, splitHeads, toTokens } from './tokens.ts';

const count = z.int().positive();

export const glideClipConfigSchema = z.strictObject({
  image_size: count,
  patch_size: count,
  /** Width of the common space. */
  n_embd: count,
  n_head: count,
  /** Width of a head. */
  n_head_state: count,
  n_xf_blocks: count,
  /** Training times, each with a token of its own. */
  n_timestep: count,
});
export type GlideClipConfig = z.infer<typeof glideClipConfigSchema>;

const EPS = 1e-5;

/**
 * Where noised pictures lie among texts, not of unit length: the token of the time takes the place of a class token.
 * @param x [B,3,S,S] in about [-1,1]
 * @param t scalar, 0 to n_timestep - 1
 * @returns [B,n_embd]
 */
export function glideImageFeatures(w: NetworkParams, config: GlideClipConfig, x: Tensor, t: Tensor): Tensor {
  const [batch, width] = [x.shape[0]!, config.n_head * config.n_head_state];
  const input = w.scope('blocks.input');
  const patches = conv2d(clipPixels(x), input.get('patch_proj'), null, { stride: config.patch_size });
  const time = tf.gather(input.get('w_t'), tf.cast(t, 'int32'));
  const first = tf.tile(tf.reshape(time, [1, 1, width]), [batch, 1, 1]);
  const placed = tf.add(tf.concat([first, toTokens(patches)], 1), input.get('w_pos'));
  let h = normed(input.scope('ln'), placed);
  for (let i = 0; i < config.n_xf_blocks; i++) h = block(w.scope(`blocks.block_${i}`), config, h);
  const output = w.scope('blocks.output');
  const pooled = tf.reshape(tf.slice(h, [0, 0, 0], [batch, 1, width]), [batch, width]);
  return weighed(output.scope('f'), normed(output.scope('ln'), pooled));
}

function block(w: NetworkParams, { n_head: heads, n_head_state: size }: GlideClipConfig, x: Tensor): Tensor {
  const [attn, mlp] = [w.scope('f_attn'), w.scope('f_mlp')];
  const seen = normed(attn.scope('ln'), x);
  const [q, k, v] = ['f_q', 'f_k', 'f_v'].map((name) =>
    splitHeads(weighed(attn.scope(name), seen), heads),
  ) as [Tensor, Tensor, Tensor];
  const mixed = mergeHeads(attention(q, k, v, 1 / Math.sqrt(size), null));
  const h = tf.add(x, weighed(attn.scope('f_c'), mixed));
  const inner = gelu(weighed(mlp.scope('f_1'), normed(mlp.scope('ln'), h)));
  return tf.add(h, weighed(mlp.scope('f_2'), inner));
}

function normed(w: NetworkParams, x: Tensor): Tensor {
  return layerNorm(x, w.get('g'), w.get('b'), EPS);
}

function weighed(w: NetworkParams, x: Tensor): Tensor {
  return linear(x, w.get('w'), w.has('b') ? w.get('b') : null);
}

export function glideClipShapes(config: GlideClipConfig): readonly ParamSpec[] {
  const width = config.n_head * config.n_head_state;
  const patches = (config.image_size / config.patch_size) ** 2;
  const shapes = new ShapeList();
  const norm = (name: string) => ['g', 'b'].map((part) => shapes.free(`${name}.${part}`, [width]));
  const linear = (name: string, from: number, to: number, bias = true) => {
    shapes.free(`${name}.w`, [to, from]);
    if (bias) shapes.free(`${name}.b`, [to]);
  };
  shapes.free('blocks.input.w_t', [config.n_timestep, width]);
  shapes.free('blocks.input.patch_proj', [width, 3, config.patch_size, config.patch_size]);
  shapes.free('blocks.input.w_pos', [patches + 1, width]);
  norm('blocks.input.ln');
  for (let i = 0; i < config.n_xf_blocks; i++) {
    const name = `blocks.block_${i}`;
    norm(`${name}.f_attn.ln`);
    for (const part of ['f_q', 'f_k', 'f_v', 'f_c'])
      linear(`${name}.f_attn.${part}`, width, width, part !== 'f_k');
    norm(`${name}.f_mlp.ln`);
    linear(`${name}.f_mlp.f_1`, width, 4 * width);
    linear(`${name}.f_mlp.f_2`, 4 * width, width);
  }
  norm('blocks.output.ln');
  linear('blocks.output.f', width, config.n_embd, false);
  return shapes.specs;
}
