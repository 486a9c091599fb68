/** What the cases of inversions have in common: times walked up, then down, and latents or a picture to begin with. */
import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { unet2dCondition } from '../networks/unet2d-condition.ts';
import type { Autoencoder, PriorWith } from '../priors/prior.ts';
import type { Schedule } from '../priors/schedule.ts';
import type { State, Visit } from '../solvers/run.ts';
import type { Given as GivenBy } from '../tasks/kinds.ts';
import { latentPrior, legsOf } from './case-priors.ts';
import { unetKind } from './entries/unet.ts';
import type { Given } from './given.ts';
import type { SolverRun } from './solver-case.ts';

/** Beside `parameters` and `schedule`. */
export const inversionParams = {
  inversion_timesteps: z.array(z.number()),
  inversion_timesteps_from: z.array(z.number()).optional(),
  timesteps: z.array(z.number()),
  timesteps_next: z.array(z.number()),
  prediction_type: z.enum(['epsilon', 'v_prediction']),
  variance_type: z.null(),
  clip_denoised: z.literal(false),
  operator: z.null(),
  sigma_y: z.literal(0),
  noise: z.literal('gaussian'),
};

const betas = {
  beta_schedule: z.literal('scaled_linear'),
  beta_start: z.number(),
  beta_end: z.number(),
  num_train_timesteps: z.int(),
  dtype: z.enum(['float32', 'float64']),
};

/** The tables of a discrete schedule that DDIM's steps walk. */
export const ddimSchedule = z.strictObject({
  ...betas,
  set_alpha_to_one: z.boolean(),
  steps_offset: z.int(),
  timestep_spacing: z.enum(['leading', 'trailing']),
});

/** The same for ancestral Euler; the sigmas are those of the times. */
export const ancestralSchedule = z.strictObject({
  ...betas,
  sampler: z.literal('euler_ancestral'),
  timestep_spacing: z.literal('trailing'),
  sigmas: z.array(z.number()),
});

/** A case without what its schedule says of a sampler. */
export function tableOf<
  S extends { readonly sampler: string; readonly sigmas?: unknown; readonly dtype: string },
  C,
>(stated: C & { readonly schedule: S }) {
  const { sampler: _, sigmas: __, ...schedule } = stated.schedule;
  return { ...stated, schedule };
}

interface Times {
  readonly timesteps: readonly number[];
  readonly timesteps_next: readonly number[];
}

/** The input that is inverted. */
export function inverted(given: Given): string {
  return given.has('x_src') ? 'x_src' : 'z_0';
}

/** Given to a solver of `invert`, as the input c says it. */
export function toInvert({ y }: { readonly y: Tensor }): GivenBy['invert'] {
  return { x: y, captions: ['c'] };
}

/** Given to a solver of `edit`: from what the input c says to what c_edit says. */
export function toEdit({ y }: { readonly y: Tensor }): GivenBy['edit'] {
  return { x: y, captions: ['c'], targets: ['c_edit'] };
}

/** States and estimates of the way down alone. */
export const onTheWayDown: NonNullable<SolverRun['watched']> = ({ z, z0 }, visit) =>
  goesUp(visit) ? null : { x: z as Tensor, x0: (z0 ?? z) as Tensor };

/** Outputs after the steps of either way, by the names of what the state calls them. */
export function recording(ways: Readonly<Partial<Record<'up' | 'down', Readonly<Record<string, string>>>>>) {
  return (state: State, visit: Visit<unknown>): Readonly<Record<string, Tensor>> =>
    Object.fromEntries(
      Object.entries(ways[goesUp(visit) ? 'up' : 'down'] ?? {}).map(([output, name]) => [
        output,
        state[name] as Tensor,
      ]),
    );
}

/** Outputs of the calls that change something of the state, by its names. */
export function namedCalls(names: Readonly<Record<string, string>>) {
  return (changed: State): Readonly<Record<string, Tensor>> =>
    Object.fromEntries(
      Object.entries(names).flatMap(([output, name]) =>
        name in changed ? [[output, changed[name] as Tensor] as const] : [],
      ),
    );
}

export function goesUp({ t, next }: Pick<Visit<unknown>, 't' | 'next'>): boolean {
  return next > t;
}

/**
 * The networks of a case over the times that its code walked. A prompt is the name of an embedding among the inputs, the
 * empty one u (c where there is none). Without an autoencoder the latents stand for pictures.
 * @param like an input that is shaped like the latents
 */
export function inversionPrior(
  given: Given,
  schedule: Schedule,
  stated: Times & { readonly prediction_type: 'epsilon' | 'v_prediction' },
  like = 'z_0',
): PriorWith<'autoencoder' | 'text' | 'crossAttention'> {
  const walked = { ...schedule, legs: () => legsOf(stated) };
  const prior = given.hasNetwork('vae')
    ? latentPrior(given, walked, { c: 'c', latents: like })
    : withoutAutoencoder(given, walked, like);
  const embedding = (prompt: string) => given.tensor(prompt || (given.has('u') ? 'u' : 'c'));
  return {
    ...prior,
    predicts: stated.prediction_type === 'epsilon' ? 'noise' : 'v',
    text: { embed: (prompts) => tf.concat(prompts.map(embedding), 0) },
  };
}

const identity: Autoencoder = { encode: tf.clone, encodeSample: tf.clone, decode: tf.clone };

function withoutAutoencoder(
  given: Given,
  schedule: Schedule,
  like: string,
): PriorWith<'autoencoder' | 'crossAttention'> {
  const { params, config } = given.networkOf('denoiser', unetKind);
  const shape = given.tensor(like).shape.slice(1) as [number, number, number];
  return {
    name: 'denoiser',
    imageShape: shape,
    shape,
    schedule,
    predicts: 'noise',
    predict: (x, t, c) => ({ value: unet2dCondition(params, config, x, t, c!) }),
    crossAttention: {
      predict: (x, t, attend) => ({ value: unet2dCondition(params, config, x, t, attend) }),
    },
    autoencoder: identity,
    dispose: () => {},
  };
}
