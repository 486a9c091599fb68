/**
 * Encoder and decoder of the autoencoders of latent diffusion models, without what lies between them: diffusers' Encoder and
 * Decoder (v0.25.1, models/autoencoders/vae.py), with its state_dict names.
 */
import { upsampleNearest } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { AutoencoderConfig } from './autoencoder-config.ts';
import { multiHeadAttention } from './cross-attention.ts';
import { conv, norm, normSilu } from './layers.ts';
import type { ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { resnetBlock, resnetBlockShapes } from './resnet-block.ts';
import { toMap, toTokens } from './tokens.ts';

/** Everywhere in the autoencoder, unlike the U-Net's 1e-5. */
const NORM_EPS = 1e-6;

/** What the two sides are built by. */
export type SidesConfig = Pick<
  AutoencoderConfig,
  'in_channels' | 'out_channels' | 'block_out_channels' | 'layers_per_block' | 'norm_num_groups'
>;

/** The encoder's map of pictures [B,3,H,W]: [B,c,H/f,W/f], f = 2^(levels-1). */
export function encoderSide(w: NetworkParams, config: SidesConfig, x: Tensor): Tensor {
  const last = config.block_out_channels.length - 1;
  let h = conv(w.scope('conv_in'), x, { padding: 1 });
  for (const i of config.block_out_channels.keys()) {
    const block = w.scope(`down_blocks.${i}`);
    for (let j = 0; j < config.layers_per_block; j++) h = resnet(block.scope(`resnets.${j}`), config, h);
    if (i < last) {
      h = conv(block.scope('downsamplers.0.conv'), h, { stride: 2, padding: [0, 1, 0, 1] });
    }
  }
  return head(w, config, midBlock(w.scope('mid_block'), config, h));
}

/** The decoder's pictures [B,3,H,W] (not clipped) of a map [B,c,H/f,W/f]. */
export function decoderSide(w: NetworkParams, config: SidesConfig, map: Tensor): Tensor {
  const last = config.block_out_channels.length - 1;
  let h = midBlock(w.scope('mid_block'), config, conv(w.scope('conv_in'), map, { padding: 1 }));
  for (const i of config.block_out_channels.keys()) {
    const block = w.scope(`up_blocks.${i}`);
    for (let j = 0; j <= config.layers_per_block; j++) h = resnet(block.scope(`resnets.${j}`), config, h);
    if (i < last) {
      const [, , height, width] = h.shape as [number, number, number, number];
      h = conv(block.scope('upsamplers.0.conv'), upsampleNearest(h, [2 * height, 2 * width]), { padding: 1 });
    }
  }
  return head(w, config, h);
}

/** Parameters of the encoder, whose map has `channels`. */
export function encoderShapes(shapes: ShapeList, config: SidesConfig, channels: number): void {
  sideShapes(shapes, config, {
    blocks: 'down_blocks',
    sampler: 'downsamplers',
    channels: config.block_out_channels,
    resnets: config.layers_per_block,
    ends: [config.in_channels, channels],
  });
}

/** Parameters of the decoder of a map with `channels`. */
export function decoderShapes(shapes: ShapeList, config: SidesConfig, channels: number): void {
  sideShapes(shapes, config, {
    blocks: 'up_blocks',
    sampler: 'upsamplers',
    channels: [...config.block_out_channels].reverse(),
    resnets: config.layers_per_block + 1,
    ends: [channels, config.out_channels],
  });
}

function resnet(w: NetworkParams, config: SidesConfig, x: Tensor): Tensor {
  return resnetBlock(w, x, null, { groups: config.norm_num_groups, eps: NORM_EPS });
}

function midBlock(w: NetworkParams, config: SidesConfig, x: Tensor): Tensor {
  const h = resnet(w.scope('resnets.0'), config, x);
  return resnet(w.scope('resnets.1'), config, selfAttention(w.scope('attentions.0'), config, h));
}

/** One head over all channels, with residual. */
function selfAttention(w: NetworkParams, config: SidesConfig, x: Tensor): Tensor {
  const [, , height, width] = x.shape as [number, number, number, number];
  const tokens = toTokens(norm(w.scope('group_norm'), x, config.norm_num_groups, NORM_EPS));
  return tf.add(toMap(multiHeadAttention(w, tokens, tokens, 1), height, width), x);
}

function head(w: NetworkParams, config: SidesConfig, x: Tensor): Tensor {
  const h = normSilu(w.scope('conv_norm_out'), x, config.norm_num_groups, NORM_EPS);
  return conv(w.scope('conv_out'), h, { padding: 1 });
}

interface Side {
  readonly blocks: string;
  readonly sampler: string;
  /** Of the blocks, in the order they run. */
  readonly channels: readonly number[];
  readonly resnets: number;
  /** Input and output channels of the side. */
  readonly ends: readonly [number, number];
}

function sideShapes(shapes: ShapeList, config: SidesConfig, side: Side): void {
  const { blocks, sampler, channels, resnets, ends } = side;
  const deepest = config.block_out_channels.at(-1)!;
  const last = channels.length - 1;
  shapes.conv('conv_in', ends[0], channels[0]!, 3);
  channels.forEach((out, i) => {
    const block = shapes.scope(`${blocks}.${i}`);
    const first = channels[Math.max(i - 1, 0)]!;
    for (let j = 0; j < resnets; j++) {
      resnetBlockShapes(block.scope(`resnets.${j}`), j === 0 ? first : out, out, null);
    }
    if (i < last) block.conv(`${sampler}.0.conv`, out, out, 3);
  });
  const mid = shapes.scope('mid_block');
  for (const j of [0, 1]) resnetBlockShapes(mid.scope(`resnets.${j}`), deepest, deepest, null);
  const attention = mid.scope('attentions.0');
  attention.norm('group_norm', deepest);
  for (const name of ['to_q', 'to_k', 'to_v', 'to_out.0']) attention.linear(name, deepest, deepest);
  shapes.norm('conv_norm_out', channels[last]!);
  shapes.conv('conv_out', channels[last]!, ends[1], 3);
}
