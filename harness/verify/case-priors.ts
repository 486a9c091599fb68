/** The networks of a whole run as priors. */
import { type Tensor, tf } from '../engine/tf.ts';
import { admUnet } from '../networks/adm-unet.ts';
import { decodeLatent, encodeMoments } from '../networks/autoencoder-kl.ts';
import { clipImageConfigSchema } from '../networks/clip-config.ts';
import { clipImageParameterShapes } from '../networks/clip-model.ts';
import { unet2dCondition } from '../networks/unet2d-condition.ts';
import { imageTower } from '../priors/clip-image.ts';
import { discreteSchedule } from '../priors/ddim.ts';
import { splitOutput } from '../priors/ddpm.ts';
import type { ClipImage, PriorWith, UnknownPrior } from '../priors/prior.ts';
import { type Schedule, scheduleFromConfig, schedulerConfigSchema } from '../priors/schedule.ts';
import { admKind } from './entries/adm.ts';
import { unetKind } from './entries/unet.ts';
import { autoencoderKind } from './entries/vae.ts';
import type { Given } from './given.ts';
import type { NetworkKind } from './network.ts';

interface StatedSchedule {
  readonly schedule: { readonly dtype: string; readonly [key: string]: unknown };
  readonly timesteps: readonly number[];
  readonly timesteps_next: readonly number[];
}

/** The network `denoiser` of a case, of pictures shaped like x_T, or, where the code starts from the measurement, like y. */
export function pixelPrior(given: Given, schedule: Schedule): PriorWith<'pixels' | 'learnedVariance'> {
  const { shape, predict } = denoiserOf(given, 'denoiser', given.has('x_T') ? 'x_T' : 'y');
  return {
    name: 'denoiser',
    imageShape: shape,
    shape,
    schedule,
    predicts: 'noise',
    learnedVariance: true,
    predict,
    dispose: () => {},
  };
}

/** A guided-diffusion network of a case, of what is shaped like one of its tensors. */
export function denoiserOf(given: Given, part: string, like: string): UnknownPrior {
  const { config, params } = given.networkOf(part, admKind);
  return {
    shape: given.tensor(like).shape.slice(1) as [number, number, number],
    predict(x, t) {
      const { noise, variance } = splitOutput(admUnet(params, config, x, t, null));
      return { value: noise, variance };
    },
  };
}

/**
 * The networks `denoiser` and `vae` of a case; the prompt '' is its input u (c where it has none), every other one c.
 * @param names of another input for c, and of one that is shaped like the latents
 */
export function latentPrior(
  given: Given,
  schedule: Schedule,
  names = { c: 'c', latents: 'x_T' },
): PriorWith<'autoencoder' | 'text' | 'crossAttention'> {
  const unet = given.networkOf('denoiser', unetKind);
  const vae = given.networkOf('vae', autoencoderKind);
  const scale = vae.config.scaling_factor;
  const shape = given.tensor(names.latents).shape.slice(1) as [number, number, number];
  const factor = 2 ** (vae.config.block_out_channels.length - 1);
  return {
    name: 'denoiser',
    imageShape: [3, shape[1] * factor, shape[2] * factor],
    shape,
    schedule,
    predicts: 'noise',
    predict: (x, t, c) => ({ value: unet2dCondition(unet.params, unet.config, x, t, c!) }),
    crossAttention: {
      predict: (x, t, attend) => ({ value: unet2dCondition(unet.params, unet.config, x, t, attend) }),
    },
    autoencoder: {
      encode: (x) => tf.mul(encodeMoments(vae.params, vae.config, x).mean, scale),
      encodeSample(x, gaussian) {
        const { mean, logvar } = encodeMoments(vae.params, vae.config, x);
        return tf.mul(tf.add(mean, tf.mul(tf.exp(tf.div(logvar, 2)), gaussian)), scale);
      },
      decode: (z) => decodeLatent(vae.params, vae.config, tf.div(z, scale)),
    },
    text: {
      embed(prompts) {
        const of = (prompt: string): Tensor => given.tensor(prompt === '' && given.has('u') ? 'u' : names.c);
        return prompts.length === 1 ? of(prompts[0]!) : tf.concat(prompts.map(of), 0);
      },
    },
    dispose: () => {},
  };
}

/** The network `clip_image` of a case. */
export function clipImage(given: Given): ClipImage {
  const { config, params } = given.networkOf('clip_image', clipImageKind);
  return imageTower(params, config);
}

const clipImageKind: NetworkKind<typeof clipImageConfigSchema> = {
  schema: clipImageConfigSchema,
  parameters: clipImageParameterShapes,
};

/** The schedule that a case states, as diffusers and guided-diffusion index it. */
export function scheduleOf({
  schedule: { dtype: _, ...config },
}: Pick<StatedSchedule, 'schedule'>): Schedule {
  return discreteSchedule(scheduleFromConfig(schedulerConfigSchema.parse(config)));
}

/**
 * The same where the code indexes its table out of step with the network's times: the level of each time that it walked is
 * the one that `alpha_index` names.
 */
export function indexedScheduleOf(
  stated: StatedSchedule & {
    readonly alpha_index: readonly (number | null)[];
    readonly alpha_index_next: readonly (number | null)[];
  },
): Schedule {
  const table = scheduleOf(stated);
  const index = new Map([
    ...stated.timesteps_next.map((t, i) => [t, stated.alpha_index_next[i] ?? -1] as const),
    ...stated.timesteps.map((t, i) => [t, stated.alpha_index[i] ?? -1] as const),
  ]);
  return { ...table, level: (t) => table.level(index.get(t) ?? t) };
}

/** The legs of the times that the code walked. */
export function legsOf({
  timesteps,
  timesteps_next,
}: Pick<StatedSchedule, 'timesteps' | 'timesteps_next'>): readonly { t: number; next: number }[] {
  return timesteps.map((t, i) => ({ t, next: timesteps_next[i]! }));
}
