import { normals } from '../../harness/engine/random.ts';
import { type Tensor, type Tensor2D, tf } from '../../harness/engine/tf.ts';
import type { LatentPrior } from '../../harness/priors/prior.ts';
import { scheduleFromConfig, schedulerConfigSchema } from '../../harness/priors/schedule.ts';

const IMAGE = [3, 16, 16] as const;
const LATENT = [4, 4, 4] as const;
const TOKENS = 3;
const WIDTH = 5;

function matrix(draw: number, rows: number, columns: number, scale: number): Tensor2D {
  const values = normals({ seed: 0, role: 'sample', image: 'fake prior', draw }, rows * columns);
  return tf.tensor2d(
    values.map((v) => v * scale),
    [rows, columns],
  );
}

/**
 * A text-conditioned latent prior of a few matrix products with random weights: smooth, differentiable in everything,
 * and different for each prompt and time. `trainTimesteps` is the length of its schedule.
 */
export function fakePrior({ trainTimesteps = 1000 }: { trainTimesteps?: number } = {}): LatentPrior {
  const pixels = IMAGE[0] * IMAGE[1] * IMAGE[2];
  const latents = LATENT[0] * LATENT[1] * LATENT[2];
  const fromLatent = matrix(0, latents, latents, 0.6 / Math.sqrt(latents));
  const fromPrompt = matrix(1, TOKENS * WIDTH, latents, 0.5);
  const decoder = matrix(2, latents, pixels, 0.5 / Math.sqrt(latents));
  const encoder = matrix(3, pixels, latents, 1 / Math.sqrt(pixels));
  const flat = (x: Tensor) => tf.reshape(x, [x.shape[0]!, -1]) as Tensor2D;
  const encode = (x: Tensor) => tf.reshape(tf.matMul(flat(x), encoder), [x.shape[0]!, ...LATENT]);
  return {
    space: 'latent',
    name: 'fake',
    toy: true,
    imageShape: IMAGE,
    latentShape: LATENT,
    schedule: scheduleFromConfig(
      schedulerConfigSchema.parse({
        num_train_timesteps: trainTimesteps,
        beta_schedule: 'scaled_linear',
        beta_start: 0.00085,
        beta_end: 0.012,
        steps_offset: 1,
        set_alpha_to_one: false,
      }),
    ),
    weightsSha256: '0'.repeat(64),
    predict(z, t, c) {
      const features = tf.add(tf.matMul(flat(z), fromLatent), tf.matMul(flat(c), fromPrompt));
      const noise = tf.tanh(tf.add(features, tf.sin(tf.div(t, 100))));
      return { noise: tf.add(tf.reshape(noise, z.shape), tf.mul(z, 0.3)) };
    },
    encode,
    encodeSample: (x, gaussian) => tf.add(encode(x), tf.mul(gaussian, 0.1)),
    decode: (z) => tf.reshape(tf.tanh(tf.matMul(flat(z), decoder)), [z.shape[0]!, ...IMAGE]),
    embed: (prompts) => tf.stack(prompts.map((text) => matrix(100 + text.length, TOKENS, WIDTH, 0.3))),
    dispose: () => tf.dispose([fromLatent, fromPrompt, decoder, encoder]),
  };
}
