/**
 * The autoencoder of latent diffusion models: diffusers' AutoencoderKL (v0.25.1, models/autoencoders/autoencoder_kl.py),
 * with its state_dict names. The scaling factor is the caller's business, as there.
 */
import { type Tensor, tf } from '../engine/tf.ts';
import type { AutoencoderConfig } from './autoencoder-config.ts';
import { decoderShapes, decoderSide, encoderShapes, encoderSide } from './autoencoder-sides.ts';
import { conv } from './layers.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';

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
  const moments = conv(w.scope('quant_conv'), encoderSide(w.scope('encoder'), config, x));
  const [mean, logvar] = tf.split(moments, 2, 1) as [Tensor, Tensor];
  return { mean, logvar: tf.clipByValue(logvar, ...LOGVAR_RANGE) };
}

/** Images [B,3,H,W] (not clipped) of latents [B,c,H/f,W/f]. */
export function decodeLatent(w: NetworkParams, config: AutoencoderConfig, z: Tensor): Tensor {
  return decoderSide(w.scope('decoder'), config, conv(w.scope('post_quant_conv'), z));
}

/** Every parameter of encoder and decoder. */
export function autoencoderParameterShapes(config: AutoencoderConfig): readonly ParamSpec[] {
  const shapes = new ShapeList();
  const latent = config.latent_channels;
  encoderShapes(shapes.scope('encoder'), config, 2 * latent);
  shapes.conv('quant_conv', 2 * latent, 2 * latent, 1);
  shapes.conv('post_quant_conv', latent, latent, 1);
  decoderShapes(shapes.scope('decoder'), config, latent);
  return shapes.specs;
}
