import { tf } from '../engine/tf.ts';
import type { AutoencoderConfig } from '../networks/autoencoder-config.ts';
import { autoencoderParameterShapes, decodeLatent, encodeMoments } from '../networks/autoencoder-kl.ts';
import type { NetworkParams } from '../networks/params.ts';
import { type AutoencoderBatch, autoencoderBatches, posteriorSample } from './autoencoder.ts';
import type { DecoderTraining } from './config.ts';
import type { Objective } from './trainer.ts';

export const isOfDecoder = (name: string): boolean => /^(decoder|post_quant_conv)\./.test(name);

/**
 * Mean squared error of the decoded posterior sample, with the encoder as it is: the latents stay what they are, and a
 * diffusion model that was trained on them stays valid. So were stabilityai/sd-vae-ft-mse's weights made.
 */
export function decoderObjective(
  network: AutoencoderConfig,
  encoder: NetworkParams,
  training: DecoderTraining,
): Objective<AutoencoderBatch> {
  return {
    specs: autoencoderParameterShapes(network).filter(({ name }) => isOfDecoder(name)),
    loss(params, { x, noise }) {
      const z = posteriorSample(encodeMoments(encoder, network, x), noise);
      return tf.mean(tf.squaredDifference(decodeLatent(params, network, z), x));
    },
    batch: autoencoderBatches(network, training),
  };
}
