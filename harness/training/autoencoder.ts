import { normals } from '../engine/random.ts';
import { sizeOf } from '../engine/shape.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { AutoencoderConfig } from '../networks/autoencoder-config.ts';
import { autoencoderParameterShapes, decodeLatent, encodeMoments } from '../networks/autoencoder-kl.ts';
import type { AutoencoderTraining } from './config.ts';
import { Epochs, TrainingPictures } from './toyfaces.ts';
import type { Objective } from './trainer.ts';

export type AutoencoderBatch = { x: Tensor; noise: Tensor };

/** Mean squared error of the decoded posterior sample, plus a light Kullback-Leibler term (Kingma and Welling, 2014). */
export function autoencoderObjective(
  network: AutoencoderConfig,
  training: AutoencoderTraining,
): Objective<AutoencoderBatch> {
  return {
    specs: autoencoderParameterShapes(network),
    loss(params, { x, noise }) {
      const posterior = encodeMoments(params, network, x);
      const { mean, logvar } = posterior;
      const z = posteriorSample(posterior, noise);
      const squaredError = tf.mean(tf.squaredDifference(decodeLatent(params, network, z), x));
      const divergence = tf.mul(
        tf.mean(tf.sub(tf.add(tf.square(mean), tf.exp(logvar)), tf.add(logvar, 1))),
        0.5,
      );
      return tf.add(squaredError, tf.mul(divergence, training.klWeight));
    },
    batch: autoencoderBatches(network, training),
  };
}

/** Pictures, and the noise of their latents' samples. */
export function autoencoderBatches(
  network: AutoencoderConfig,
  { batch, seed }: { batch: number; seed: number },
): (step: number) => AutoencoderBatch {
  const pictures = new TrainingPictures();
  const epochs = new Epochs(seed, batch);
  const size = network.sample_size;
  const latent = [batch, network.latent_channels, size / 4, size / 4];
  return (step) => {
    const { pixels } = pictures.batch(epochs.indices(step));
    const noise = normals({ seed, role: 'train', image: 'posterior', draw: step }, sizeOf(latent));
    return { x: tf.tensor(pixels, [batch, 3, size, size]), noise: tf.tensor(noise, latent) };
  };
}

/** A sample of the latents' posterior. */
export function posteriorSample({ mean, logvar }: ReturnType<typeof encodeMoments>, noise: Tensor): Tensor {
  return tf.add(mean, tf.mul(noise, tf.exp(tf.mul(logvar, 0.5))));
}
