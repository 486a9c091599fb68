/**
 * The text-conditioned U-Net of Stable Diffusion 1.x and 2.x: diffusers' UNet2DConditionModel (v0.25.1,
 * models/unet_2d_condition.py), with its state_dict names.
 */
import { upsampleNearest } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { CrossAttention } from './cross-attention.ts';
import { conv, normSilu } from './layers.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { resnetBlock, resnetBlockShapes } from './resnet-block.ts';
import { activatedTimeEmbedding, timeEmbeddingShapes } from './time-embedding.ts';
import { type TransformerOptions, transformer2d, transformer2dShapes } from './transformer-block.ts';
import type { UnetConfig } from './unet-config.ts';
import { unetLayout } from './unet-layout.ts';

/**
 * Model output for noised latents (noise or velocity, as the model was trained).
 * @param z [B,c,h,w]; sizes that the down-sampling does not divide are allowed
 * @param t training time step, scalar or [B]
 * @param c text embeddings [B,L,D], or what stands for the attention to them
 * @returns [B,c',h,w]
 */
export function unet2dCondition(
  w: NetworkParams,
  config: UnetConfig,
  z: Tensor,
  t: Tensor,
  c: Tensor | CrossAttention,
): Tensor {
  const layout = unetLayout(config);
  const cross: CrossAttention = typeof c === 'function' ? c : (layer) => layer.attend(c);
  const norms = { groups: config.norm_num_groups, eps: config.norm_eps };
  const time = activatedTimeEmbedding(w.scope('time_embedding'), t, sinusoidOptions(config));
  const layer = (block: NetworkParams, j: number, x: Tensor, heads: number | null) => {
    const h = resnetBlock(block.scope(`resnets.${j}`), x, time, norms);
    return heads === null
      ? h
      : transformer2d(block.scope(`attentions.${j}`), h, cross, transformerOptions(config, heads));
  };

  let h = conv(w.scope('conv_in'), z, { padding: 1 });
  const skips = [h];
  for (const { prefix, inChannels, heads, resample } of layout.down) {
    const block = w.scope(prefix);
    for (const j of inChannels.keys()) {
      h = layer(block, j, h, heads);
      skips.push(h);
    }
    if (resample) {
      h = conv(block.scope('downsamplers.0.conv'), h, { stride: 2, padding: 1 });
      skips.push(h);
    }
  }

  h = layer(w.scope('mid_block'), 0, h, layout.mid.heads);
  h = resnetBlock(w.scope('mid_block.resnets.1'), h, time, norms);

  for (const { prefix, inChannels, heads, resample } of layout.up) {
    const block = w.scope(prefix);
    for (const j of inChannels.keys()) h = layer(block, j, tf.concat([h, skips.pop()!], 1), heads);
    if (resample) {
      const [, , height, width] = skips.at(-1)!.shape as [number, number, number, number];
      h = conv(block.scope('upsamplers.0.conv'), upsampleNearest(h, [height, width]), { padding: 1 });
    }
  }
  return conv(w.scope('conv_out'), normSilu(w.scope('conv_norm_out'), h, norms.groups, norms.eps), {
    padding: 1,
  });
}

/** Every parameter of the network. */
export function unetParameterShapes(config: UnetConfig): readonly ParamSpec[] {
  const shapes = new ShapeList();
  const { down, mid, up } = unetLayout(config);
  const width = config.block_out_channels[0]!;
  const timeWidth = 4 * width;
  const layer = (block: ShapeList, j: number, inChannels: number, out: number, heads: number | null) => {
    resnetBlockShapes(block.scope(`resnets.${j}`), inChannels, out, timeWidth);
    if (heads !== null) {
      const options = transformerOptions(config, heads);
      transformer2dShapes(block.scope(`attentions.${j}`), out, config.cross_attention_dim, options);
    }
  };

  timeEmbeddingShapes(shapes.scope('time_embedding'), width, timeWidth);
  shapes.conv('conv_in', config.in_channels, width, 3);
  for (const [blocks, sampler] of [
    [down, 'downsamplers'],
    [up, 'upsamplers'],
  ] as const) {
    for (const { prefix, inChannels, outChannels, heads, resample } of blocks) {
      const block = shapes.scope(prefix);
      inChannels.forEach((channels, j) => {
        layer(block, j, channels, outChannels, heads);
      });
      if (resample) block.conv(`${sampler}.0.conv`, outChannels, outChannels, 3);
    }
  }
  layer(shapes.scope('mid_block'), 0, mid.channels, mid.channels, mid.heads);
  layer(shapes.scope('mid_block'), 1, mid.channels, mid.channels, null);
  shapes.norm('conv_norm_out', width);
  shapes.conv('conv_out', width, config.out_channels, 3);
  return shapes.specs;
}

function sinusoidOptions(config: UnetConfig) {
  return {
    width: config.block_out_channels[0]!,
    flipSinToCos: config.flip_sin_to_cos,
    freqShift: config.freq_shift,
  };
}

function transformerOptions(config: UnetConfig, heads: number): TransformerOptions {
  return {
    heads,
    groups: config.norm_num_groups,
    depth: config.transformer_layers_per_block,
    linearProjection: config.use_linear_projection,
  };
}
