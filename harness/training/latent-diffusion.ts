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
import type { LatentDiffusionTraining } from './config.ts';
import type { LatentSet } from './latent-set.ts';
import { stratifiedTimes } from './times.ts';
import { Epochs } from './toyfaces.ts';
import type { Objective } from './trainer.ts';

type DiffusionBatch = { z: Tensor; noise: Tensor; t: Tensor; alphaBar: Tensor; ids: Tensor };

export const UNET = 'unet.';
export const TEXT = 'text.';

/** U-Net and text encoder under the simple noise-prediction loss (Ho et al., 2020, eq. 14). */
export function diffusionObjective(
  networks: { unet: UnetConfig; text: ClipTextConfig },
  tokenizer: Tokenizer,
  schedule: NoiseSchedule,
  set: LatentSet,
  { batch, seed, captionDropout }: LatentDiffusionTraining,
): Objective<DiffusionBatch> {
  const prefixed = (prefix: string, specs: readonly ParamSpec[]): ParamSpec[] =>
    specs.map((spec) => ({ ...spec, name: prefix + spec.name }));
  const epochs = new Epochs(seed, batch);
  const size = sizeOf(set.shape);
  return {
    specs: [
      ...prefixed(UNET, unetParameterShapes(networks.unet)),
      ...prefixed(TEXT, clipTextParameterShapes(networks.text)),
    ],
    loss(params, { z, noise, t, alphaBar, ids }) {
      const text = params.scope(TEXT.slice(0, -1));
      const c = clipText(text, networks.text, embedTokens(text, ids));
      const noisy = tf.add(tf.mul(z, tf.sqrt(alphaBar)), tf.mul(noise, tf.sqrt(tf.sub(1, alphaBar))));
      const predicted = unet2dCondition(params.scope(UNET.slice(0, -1)), networks.unet, noisy, t, c);
      return tf.mean(tf.squaredDifference(predicted, noise));
    },
    batch(step) {
      const indices = epochs.indices(step);
      const z = new Float32Array(batch * size);
      for (const [n, i] of indices.entries()) z.set(set.latents.subarray(i * size, (i + 1) * size), n * size);
      const random = uniforms({ seed, role: 'train', image: 'times', draw: step });
      const times = stratifiedTimes(random(), batch, schedule.numTrainTimesteps);
      const captions = indices.map((i) => (random() < captionDropout ? '' : set.captions[i]!));
      return {
        z: tf.tensor(z, [batch, ...set.shape]),
        noise: tf.tensor(normals({ seed, role: 'train', image: 'noise', draw: step }, batch * size), [
          batch,
          ...set.shape,
        ]),
        t: tf.tensor1d(times, 'float32'),
        alphaBar: tf.tensor(
          times.map((t) => schedule.alphasCumprod[t]!),
          [batch, 1, 1, 1],
        ),
        ids: tf.tensor(tokenizer.encode(captions), [batch, tokenizer.length], 'int32'),
      };
    },
  };
}
