/**
 * The autoencoder with a codebook of CompVis's unconditional models: VQModelInterface (CompVis/latent-diffusion@a506df5,
 * ldm/models/autoencoder.py), with its state_dict names. Its two sides are those of AutoencoderKL under older names.
 */
import type { Tensor } from '../engine/tf.ts';
import { compvisAutoencoderName } from './autoencoder-names.ts';
import {
  decoderShapes,
  decoderSide,
  encoderShapes,
  encoderSide,
  type SidesConfig,
} from './autoencoder-sides.ts';
import type { VqConfig } from './autoencoder-vq-config.ts';
import { conv } from './layers.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import { type NetworkParams, paramsUnder } from './params.ts';
import { quantise } from './vector-quantiser.ts';

/** Latents [B,embed_dim,H/f,W/f] of images [B,3,H,W] in [-1,1], not quantised; f = 2^(levels-1). */
export function encodeVq(w: NetworkParams, config: VqConfig, x: Tensor): Tensor {
  const sides = sidesOf(config);
  return conv(w.scope('quant_conv'), encoderSide(sideOf(w, sides, 'encoder'), sides, x));
}

/**
 * Images [B,3,H,W] (not clipped) of latents [B,embed_dim,H/f,W/f].
 * @param quantised of each latent's nearest entry of the codebook, with the gradient of that entry; false: of the latents
 *   themselves (`force_not_quantize`)
 */
export function decodeVq(w: NetworkParams, config: VqConfig, z: Tensor, quantised: boolean): Tensor {
  const sides = sidesOf(config);
  const latent = quantised ? quantise(w.get(CODEBOOK), z) : z;
  return decoderSide(sideOf(w, sides, 'decoder'), sides, conv(w.scope('post_quant_conv'), latent));
}

/** Every parameter. */
export function vqParameterShapes(config: VqConfig): readonly ParamSpec[] {
  const sides = sidesOf(config);
  const latent = config.ddconfig.z_channels;
  const shapes = new ShapeList();
  encoderShapes(shapes.scope('encoder'), sides, latent);
  decoderShapes(shapes.scope('decoder'), sides, latent);
  shapes.embedding('quantize.embedding', config.n_embed, config.embed_dim);
  shapes.conv('quant_conv', latent, config.embed_dim, 1);
  shapes.conv('post_quant_conv', config.embed_dim, latent, 1);
  const levels = sides.block_out_channels.length;
  return shapes.specs.map((spec) => ({ ...spec, name: compvisAutoencoderName(spec.name, levels) }));
}

/** Pixels on one side of a latent's. */
export function vqFactor({ ddconfig }: VqConfig): number {
  return 2 ** (ddconfig.ch_mult.length - 1);
}

const CODEBOOK = 'quantize.embedding.weight';

function sidesOf({ ddconfig }: VqConfig): SidesConfig {
  const { ch, ch_mult, in_channels, out_ch, num_res_blocks, norm_num_groups } = ddconfig;
  const [first, ...others] = ch_mult;
  return {
    in_channels,
    out_channels: out_ch,
    block_out_channels: [first * ch, ...others.map((factor) => factor * ch)],
    layers_per_block: num_res_blocks,
    norm_num_groups,
  };
}

function sideOf(w: NetworkParams, sides: SidesConfig, side: 'encoder' | 'decoder'): NetworkParams {
  const levels = sides.block_out_channels.length;
  return paramsUnder(w, (name) => compvisAutoencoderName(name, levels)).scope(side);
}
