/**
 * The autoencoder of latent diffusion models: diffusers' AutoencoderKL (v0.25.1, models/autoencoders/autoencoder_kl.py),
 * with its state_dict names. The scaling factor is the caller's business, as there.
 */
import { silu, upsampleNearest } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { AutoencoderConfig } from './autoencoder-config.ts';
import { conv, norm } from './layers.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { resnetBlock, resnetBlockShapes } from './resnet-block.ts';
import { toMap, toTokens } from './tokens.ts';
import { multiHeadAttention } from './transformer-block.ts';

/** Everywhere in the autoencoder, unlike the U-Net's 1e-5. */
const NORM_EPS = 1e-6;
const LOGVAR_RANGE = [-30, 20] as const;

/**
 * Moments of the diagonal Gaussian posterior.
 * @param x images [B,3,H,W] in [-1,1]
 * @returns mean and logvar (clamped to [-30,20]), [B,c,H/f,W/f], f = 2^(levels-1)
 */
export function encodeMoments(
  w: NetworkParams,
  config: AutoencoderConfig,
  x: Tensor,
): { mean: Tensor; logvar: Tensor } {
  const encoder = w.scope('encoder');
  const last = config.block_out_channels.length - 1;
  let h = conv(encoder.scope('conv_in'), x, { padding: 1 });
  for (const i of config.block_out_channels.keys()) {
    const block = encoder.scope(`down_blocks.${i}`);
    for (let j = 0; j < config.layers_per_block; j++) h = resnet(block.scope(`resnets.${j}`), config, h);
    if (i < last) {
      h = conv(block.scope('downsamplers.0.conv'), h, { stride: 2, padding: [0, 1, 0, 1] });
    }
  }
  h = midBlock(encoder.scope('mid_block'), config, h);
  const moments = conv(w.scope('quant_conv'), head(encoder, config, h));
  const [mean, logvar] = tf.split(moments, 2, 1) as [Tensor, Tensor];
  return { mean, logvar: tf.clipByValue(logvar, ...LOGVAR_RANGE) };
}

/** Images [B,3,H,W] (not clipped) of latents [B,c,H/f,W/f]. */
export function decodeLatent(w: NetworkParams, config: AutoencoderConfig, z: Tensor): Tensor {
  const decoder = w.scope('decoder');
  const last = config.block_out_channels.length - 1;
  let h = conv(decoder.scope('conv_in'), conv(w.scope('post_quant_conv'), z), { padding: 1 });
  h = midBlock(decoder.scope('mid_block'), config, h);
  for (const i of config.block_out_channels.keys()) {
    const block = decoder.scope(`up_blocks.${i}`);
    for (let j = 0; j <= config.layers_per_block; j++) h = resnet(block.scope(`resnets.${j}`), config, h);
    if (i < last) {
      const [, , height, width] = h.shape as [number, number, number, number];
      h = conv(block.scope('upsamplers.0.conv'), upsampleNearest(h, [2 * height, 2 * width]), { padding: 1 });
    }
  }
  return head(decoder, config, h);
}

/** Every parameter of encoder and decoder. */
export function autoencoderParameterShapes(config: AutoencoderConfig): readonly ParamSpec[] {
  const shapes = new ShapeList();
  const latent = config.latent_channels;
  sideShapes(shapes.scope('encoder'), config, {
    blocks: 'down_blocks',
    sampler: 'downsamplers',
    channels: config.block_out_channels,
    resnets: config.layers_per_block,
    ends: [config.in_channels, 2 * latent],
  });
  shapes.conv('quant_conv', 2 * latent, 2 * latent, 1);
  shapes.conv('post_quant_conv', latent, latent, 1);
  sideShapes(shapes.scope('decoder'), config, {
    blocks: 'up_blocks',
    sampler: 'upsamplers',
    channels: [...config.block_out_channels].reverse(),
    resnets: config.layers_per_block + 1,
    ends: [latent, config.out_channels],
  });
  return shapes.specs;
}

function resnet(w: NetworkParams, config: AutoencoderConfig, x: Tensor): Tensor {
  return resnetBlock(w, x, null, { groups: config.norm_num_groups, eps: NORM_EPS });
}

function midBlock(w: NetworkParams, config: AutoencoderConfig, x: Tensor): Tensor {
  const h = resnet(w.scope('resnets.0'), config, x);
  return resnet(w.scope('resnets.1'), config, selfAttention(w.scope('attentions.0'), config, h));
}

/** One head over all channels, with residual. */
function selfAttention(w: NetworkParams, config: AutoencoderConfig, x: Tensor): Tensor {
  const [, , height, width] = x.shape as [number, number, number, number];
  const tokens = toTokens(norm(w.scope('group_norm'), x, config.norm_num_groups, NORM_EPS));
  return tf.add(toMap(multiHeadAttention(w, tokens, tokens, 1), height, width), x);
}

function head(w: NetworkParams, config: AutoencoderConfig, x: Tensor): Tensor {
  const h = silu(norm(w.scope('conv_norm_out'), x, config.norm_num_groups, NORM_EPS));
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

function sideShapes(shapes: ShapeList, config: AutoencoderConfig, side: Side): void {
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
