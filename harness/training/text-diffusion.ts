import { normals, uniforms } from '../engine/random.ts';
import { sizeOf } from '../engine/shape.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import { clipText, clipTextParameterShapes, embedTokens } from '../networks/clip-text.ts';
import type { ClipTextConfig } from '../networks/clip-text-config.ts';
import type { ParamSpec } from '../networks/parameter-shapes.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import type { UnetConfig } from '../networks/unet-config.ts';
import { unet2dCondition, unetParameterShapes } from '../networks/unet2d-condition.ts';
import type { NoiseSchedule } from '../priors/schedule.ts';
import { stratifiedTimes } from './times.ts';
import { Epochs } from './toyfaces.ts';
import type { Objective } from './trainer.ts';

export type TextDiffusionBatch = Record<'x0' | 'noise' | 't' | 'alphaBar' | 'ids', Tensor>;

/** What is diffused: latents or pictures, with their captions. */
export interface DiffusedSet {
  /** [c,h,w] of one. */
  readonly shape: readonly number[];
  /** Values [N,c,h,w], row-major, and captions. */
  batch(indices: readonly number[]): { values: Float32Array; captions: string[] };
}

export const UNET = 'unet.';
export const TEXT = 'text.';

/**
 * U-Net and text encoder together, under the mean squared error of what the network predicts: the noise (Ho et al., 2020,
 * eq. 14), or the velocity v = sqrt(alpha-bar) e - sqrt(1 - alpha-bar) x_0 (Salimans and Ho, arXiv 2202.00512, section 4).
 */
export function textDiffusionObjective(
  networks: { unet: UnetConfig; text: ClipTextConfig },
  tokenizer: Tokenizer,
  schedule: NoiseSchedule,
  set: DiffusedSet,
  { batch, seed, captionDropout }: { batch: number; seed: number; captionDropout: number },
): Objective<TextDiffusionBatch> {
  const prefixed = (prefix: string, specs: readonly ParamSpec[]): ParamSpec[] =>
    specs.map((spec) => ({ ...spec, name: prefix + spec.name }));
  const epochs = new Epochs(seed, batch);
  const shape = [batch, ...set.shape];
  return {
    specs: [
      ...prefixed(UNET, unetParameterShapes(networks.unet)),
      ...prefixed(TEXT, clipTextParameterShapes(networks.text)),
    ],
    loss(params, { x0, noise, t, alphaBar, ids }) {
      const text = params.scope(TEXT.slice(0, -1));
      const c = clipText(text, networks.text, embedTokens(text, ids));
      const [signal, spread] = [tf.sqrt(alphaBar), tf.sqrt(tf.sub(1, alphaBar))];
      const noisy = tf.add(tf.mul(x0, signal), tf.mul(noise, spread));
      const predicted = unet2dCondition(params.scope(UNET.slice(0, -1)), networks.unet, noisy, t, c);
      const wanted =
        schedule.predictionType === 'epsilon' ? noise : tf.sub(tf.mul(noise, signal), tf.mul(x0, spread));
      return tf.mean(tf.squaredDifference(predicted, wanted));
    },
    batch(step) {
      const { values, captions } = set.batch(epochs.indices(step));
      const random = uniforms({ seed, role: 'train', image: 'times', draw: step });
      const times = stratifiedTimes(random(), batch, schedule.numTrainTimesteps);
      const shown = captions.map((caption) => (random() < captionDropout ? '' : caption));
      const noise = normals({ seed, role: 'train', image: 'noise', draw: step }, sizeOf(shape));
      return {
        x0: tf.tensor(values, shape),
        noise: tf.tensor(noise, shape),
        t: tf.tensor1d(times, 'float32'),
        alphaBar: tf.tensor(
          times.map((t) => schedule.alphasCumprod[t]!),
          [batch, 1, 1, 1],
        ),
        ids: tf.tensor(tokenizer.encode(shown), [batch, tokenizer.length], 'int32'),
      };
    },
  };
}
