import { attention as attend } from '../engine/ops.ts';
import { normals } from '../engine/random.ts';
import { type Tensor, type Tensor2D, tf } from '../engine/tf.ts';
import { discreteSchedule } from '../priors/ddim.ts';
import type { CrossAttentionLayer, Prior, PriorWith } from '../priors/prior.ts';
import { type NoiseSchedule, scheduleFromConfig, schedulerConfigSchema } from '../priors/schedule.ts';

/** [C,H,W] of the pictures of both priors. */
export const IMAGE = [3, 16, 16] as const;
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

/** [B,TOKENS,WIDTH]: prompts of one length say the same. */
function embed(prompts: readonly string[]): Tensor {
  return tf.stack(prompts.map((text) => matrix(100 + text.length, TOKENS, WIDTH, 0.3)));
}

/**
 * A text-conditioned latent prior of a few matrix products with random weights: smooth, differentiable in everything, and
 * different for each prompt and time.
 * @param trainTimesteps the length of its schedule
 */
export function fakeLatentPrior(trainTimesteps = 1000): PriorWith<'autoencoder' | 'text' | 'crossAttention'> {
  const pixels = IMAGE[0] * IMAGE[1] * IMAGE[2];
  const latents = LATENT[0] * LATENT[1] * LATENT[2];
  const fromLatent = matrix(0, latents, latents, 0.6 / Math.sqrt(latents));
  const fromPrompt = matrix(1, TOKENS * WIDTH, latents, 0.5);
  const decoder = matrix(2, latents, pixels, 0.5 / Math.sqrt(latents));
  const encoder = matrix(3, pixels, latents, 1 / Math.sqrt(pixels));
  const flat = (x: Tensor) => tf.reshape(x, [x.shape[0]!, -1]) as Tensor2D;
  const attention = [4, 7].map(fakeAttention);
  const encode = (x: Tensor) => tf.reshape(tf.matMul(flat(x), encoder), [x.shape[0]!, ...LATENT]);
  return {
    name: 'fake latents',
    imageShape: IMAGE,
    shape: LATENT,
    schedule: discreteSchedule(latentSchedule(trainTimesteps)),
    predicts: 'noise',
    predict(z, t, c) {
      if (!c) throw new Error('this prior takes prompts: predict(x, t, c) lacks c');
      const features = tf.add(tf.matMul(flat(z), fromLatent), tf.matMul(flat(c), fromPrompt));
      const noise = tf.tanh(tf.add(features, tf.sin(tf.div(t, 100))));
      return { value: tf.add(tf.reshape(noise, z.shape), tf.mul(z, 0.3)) };
    },
    crossAttention: {
      predict(z, t, attend) {
        const base = tf.add(tf.matMul(flat(z), fromLatent), tf.sin(tf.div(t, 100)));
        const noise = attention.reduce<Tensor>(
          (h, layer) => tf.tanh(tf.add(h, tf.reshape(tf.transpose(attend(layer(h)), [0, 2, 1]), z.shape))),
          tf.reshape(base, z.shape),
        );
        return { value: tf.add(noise, tf.mul(z, 0.3)) };
      },
    },
    autoencoder: {
      encode,
      encodeSample: (x, gaussian) => tf.add(encode(x), tf.mul(gaussian, 0.1)),
      decode: (z) => tf.reshape(tf.tanh(tf.matMul(flat(z), decoder)), [z.shape[0]!, ...IMAGE]),
    },
    text: { embed },
    dispose: () => tf.dispose([fromLatent, fromPrompt, decoder, encoder]),
  };
}

/** A layer of cross-attention with one head: its 16 pixels are the latents'. */
function fakeAttention(draw: number): (latents: Tensor) => CrossAttentionLayer {
  const [channels, height, width] = LATENT;
  const [toQueries, toKeys, toValues] = [channels, WIDTH, WIDTH].map((from, i) =>
    matrix(draw + i, from, channels, 1 / Math.sqrt(from)),
  ) as [Tensor2D, Tensor2D, Tensor2D];
  const each = (x: Tensor, w: Tensor2D) =>
    tf.reshape(tf.matMul(tf.reshape(x, [-1, w.shape[0]]), w), [x.shape[0]!, 1, -1, w.shape[1]]);
  return (latents) => {
    const pixels = tf.transpose(
      tf.reshape(latents, [latents.shape[0]!, channels, height * width]),
      [0, 2, 1],
    );
    const queries = () => each(pixels, toQueries);
    const keys = (c: Tensor) => each(c, toKeys);
    return {
      queries,
      keys,
      attend: (c) => tf.squeeze(attend(queries(), keys(c), each(c, toValues), 1 / Math.sqrt(channels)), [1]),
      fromKeys: (k) => tf.squeeze(each(k, tf.transpose(toKeys) as Tensor2D), [1]),
    };
  };
}

function latentSchedule(trainTimesteps: number): NoiseSchedule {
  return scheduleFromConfig(
    schedulerConfigSchema.parse({
      num_train_timesteps: trainTimesteps,
      beta_schedule: 'scaled_linear',
      beta_start: 0.00085,
      beta_end: 0.012,
      steps_offset: 1,
      set_alpha_to_one: false,
    }),
  );
}

/**
 * The exact noise of pictures whose pixels are N(0, 0.5^2), so that the prior pulls everything towards grey; its learned
 * variance lies half-way between the bounds.
 */
export function fakePixelPrior(): PriorWith<'pixels' | 'learnedVariance'> {
  const table = scheduleFromConfig(schedulerConfigSchema.parse({}));
  const alphaBars = tf.tensor1d(Float32Array.from(table.alphasCumprod));
  return {
    name: 'fake pixels',
    imageShape: IMAGE,
    shape: IMAGE,
    schedule: discreteSchedule(table),
    predicts: 'noise',
    learnedVariance: true,
    predict(x, t) {
      const bar = tf.gather(alphaBars, tf.cast(t, 'int32'));
      const variance = tf.add(tf.mul(bar, 0.25), tf.sub(1, bar));
      return { value: tf.mul(x, tf.div(tf.sqrt(tf.sub(1, bar)), variance)), variance: tf.zerosLike(x) };
    },
    dispose: () => alphaBars.dispose(),
  };
}

/** The same moved by a prompt, with a CLIP to which a picture is a few random sums of its values. */
export function fakeTextPixelPrior(): PriorWith<'pixels' | 'learnedVariance' | 'text' | 'noisedClip'> {
  const prior = fakePixelPrior();
  const pixels = IMAGE[0] * IMAGE[1] * IMAGE[2];
  const fromPrompt = matrix(4, TOKENS * WIDTH, pixels, 0.5);
  const seen = matrix(5, pixels, WIDTH, 1 / Math.sqrt(pixels));
  const flat = (x: Tensor) => tf.reshape(x, [x.shape[0]!, -1]) as Tensor2D;
  return {
    ...prior,
    text: { embed },
    noisedClip: {
      imageFeatures: (x, t) => tf.add(tf.matMul(flat(x), seen), tf.sin(tf.div(t, 100))),
      textFeatures: (prompts) => tf.mean(embed(prompts), 1),
      scale: tf.scalar(1),
    },
    predict(x, t, c) {
      if (!c) throw new Error('this prior takes prompts: predict(x, t, c) lacks c');
      const { value, ...rest } = prior.predict(x, t);
      const said = tf.reshape(tf.tanh(tf.matMul(flat(c), fromPrompt)), x.shape);
      return { ...rest, value: tf.add(value, tf.mul(said, 0.1)) };
    },
    dispose() {
      tf.dispose([fromPrompt, seen]);
      prior.dispose();
    },
  };
}

/** One that has what the solver requires. */
export function fakePriorFor({ requires }: { readonly requires: object }): Prior {
  if (!('pixels' in requires || 'learnedVariance' in requires)) return fakeLatentPrior();
  return 'text' in requires ? fakeTextPixelPrior() : fakePixelPrior();
}

/** The same without the parts that the solver does not require. */
export function barePriorFor(solver: { readonly requires: object }): Prior {
  const { text, noisedClip, learnedVariance, crossAttention, predict, ...prior } = fakePriorFor(solver);
  const { requires } = solver;
  return {
    ...prior,
    ...(text && 'text' in requires && { text }),
    ...(noisedClip && 'noisedClip' in requires && { noisedClip }),
    ...(crossAttention && 'crossAttention' in requires && { crossAttention }),
    ...(learnedVariance && 'learnedVariance' in requires && { learnedVariance }),
    predict(x, t, c) {
      const unprompted = text && !('text' in requires);
      const { variance, ...value } = predict(x, t, unprompted ? text.embed(Array(x.shape[0]!).fill('')) : c);
      return variance && 'learnedVariance' in requires ? { ...value, variance } : value;
    },
  };
}
