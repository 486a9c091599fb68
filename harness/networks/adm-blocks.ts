/** The modules of guided-diffusion's U-Net (guided_diffusion/unet.py) with their state_dict names. */
import { attention, silu, upsampleNearest } from '../engine/ops.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { AdmConfig } from './adm-config.ts';
import type { AdmLayer } from './adm-layout.ts';
import { conv, dense, norm } from './layers.ts';
import type { ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { mergeHeads, splitHeads, toMap, toTokens } from './tokens.ts';

const EPS = 1e-5;

/**
 * Runs one module on a feature map.
 * @param w the whole network's parameters
 * @param x [B,C,H,W]
 * @param activated SiLU of the embedding of time and class, [1 or B, 4 model_channels]
 */
export function admLayer(
  w: NetworkParams,
  config: AdmConfig,
  layer: AdmLayer,
  x: Tensor,
  activated: Tensor,
): Tensor {
  const own = w.scope(layer.name);
  switch (layer.kind) {
    case 'conv':
      return conv(own, x, { padding: 1 });
    case 'residual':
      return residualBlock(own, config, layer.resample, x, activated);
    case 'attention':
      return attentionBlock(own, config, layer.heads, x);
    case 'up':
      return config.conv_resample ? conv(own.scope('conv'), enlarge(x), { padding: 1 }) : enlarge(x);
    case 'down':
      return config.conv_resample ? conv(own.scope('op'), x, { stride: 2, padding: 1 }) : averagePool(x);
  }
}

/** Parameters of one module. */
export function admLayerShapes(all: ShapeList, config: AdmConfig, layer: AdmLayer): void {
  const shapes = all.scope(layer.name);
  switch (layer.kind) {
    case 'conv':
      // The module is the convolution itself.
      all.conv(layer.name, layer.inChannels, layer.outChannels, 3);
      return;
    case 'residual': {
      const { inChannels, outChannels } = layer;
      shapes.norm('in_layers.0', inChannels);
      shapes.conv('in_layers.2', inChannels, outChannels, 3);
      const embedded = config.use_scale_shift_norm ? 2 * outChannels : outChannels;
      shapes.linear('emb_layers.1', 4 * config.model_channels, embedded);
      shapes.norm('out_layers.0', outChannels);
      shapes.conv('out_layers.3', outChannels, outChannels, 3);
      if (inChannels !== outChannels) shapes.conv('skip_connection', inChannels, outChannels, 1);
      return;
    }
    case 'attention':
      shapes.norm('norm', layer.channels);
      // Convolutions of width 1 over a sequence in the reference: the same numbers, one axis less.
      shapes.linear('qkv', layer.channels, 3 * layer.channels);
      shapes.linear('proj_out', layer.channels, layer.channels);
      return;
    case 'up':
      if (config.conv_resample) shapes.conv('conv', layer.channels, layer.channels, 3);
      return;
    case 'down':
      if (config.conv_resample) shapes.conv('op', layer.channels, layer.channels, 3);
      return;
  }
}

/** Group normalisation, whose affine part is followed by the head's and the blocks' SiLU. */
export function admNorm(w: NetworkParams, config: AdmConfig, x: Tensor): Tensor {
  return norm(w, x, config.norm_groups, EPS);
}

/** ResBlock; resampling acts on both branches, before the first convolution and on the (identity) skip. */
function residualBlock(
  w: NetworkParams,
  config: AdmConfig,
  resample: 'up' | 'down' | null,
  x: Tensor,
  activated: Tensor,
): Tensor {
  const resized = (map: Tensor) =>
    resample === null ? map : resample === 'up' ? enlarge(map) : averagePool(map);
  let h = conv(w.scope('in_layers.2'), resized(silu(admNorm(w.scope('in_layers.0'), config, x))), {
    padding: 1,
  });
  const embedded = dense(w.scope('emb_layers.1'), activated);
  const perChannel = tf.reshape(embedded, [...embedded.shape, 1, 1]);
  if (config.use_scale_shift_norm) {
    const [scale, shift] = tf.split(perChannel, 2, 1) as [Tensor, Tensor];
    h = tf.add(tf.mul(admNorm(w.scope('out_layers.0'), config, h), tf.add(scale, 1)), shift);
  } else {
    h = admNorm(w.scope('out_layers.0'), config, tf.add(h, perChannel));
  }
  h = conv(w.scope('out_layers.3'), silu(h), { padding: 1 });
  const skip = resized(x);
  return tf.add(w.has('skip_connection.weight') ? conv(w.scope('skip_connection'), skip) : skip, h);
}

/** AttentionBlock: self-attention over all positions, added to its input. */
function attentionBlock(w: NetworkParams, config: AdmConfig, heads: number, x: Tensor): Tensor {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const qkv = dense(w.scope('qkv'), toTokens(admNorm(w.scope('norm'), config, x)));
  const [q, k, v] = config.use_new_attention_order
    ? (tf.split(qkv, 3, -1).map((part) => splitHeads(part, heads)) as [Tensor, Tensor, Tensor])
    : // The legacy order: each head holds its own q, k and v.
      (tf.split(splitHeads(qkv, heads), 3, -1) as [Tensor, Tensor, Tensor]);
  const mixed = mergeHeads(attention(q, k, v, 1 / Math.sqrt(channels / heads)));
  return tf.add(x, toMap(dense(w.scope('proj_out'), mixed), height, width));
}

/** Nearest-neighbour up-sampling by two. */
function enlarge(x: Tensor): Tensor {
  const [, , height, width] = x.shape as [number, number, number, number];
  return upsampleNearest(x, [2 * height, 2 * width]);
}

/** Means of 2x2 blocks. [B,C,H,W], both sides even -> [B,C,H/2,W/2]. */
function averagePool(x: Tensor): Tensor {
  const [b, c, h, w] = x.shape as [number, number, number, number];
  const blocks = tf.reshape(x, [(b * c * h) / 2, 2, w / 2, 2]);
  return tf.reshape(tf.mean(blocks, [1, 3]), [b, c, h / 2, w / 2]);
}
