import { z } from 'zod';

/** How much of the picture and of the noise is in x_t = signal x_0 + noise e. */
export interface Level {
  readonly signal: number;
  readonly noise: number;
}

/** A sampler's way from one time to the next; -1 is the clean end. */
export interface Leg {
  readonly t: number;
  readonly next: number;
}

/** The time axis of a prior, without a word on how its levels came about. */
export interface Schedule {
  /** Times that the network was trained for: 0, the cleanest, to length - 1. */
  readonly length: number;
  /** Float64; of -1, the clean end, too. */
  level(t: number): Level;
  /**
   * The real-valued time at which noise / signal is `sigma`: between the trained times evenly in log sigma, beyond them the
   * nearest. What a network is told whose sampler walks noise levels of its own.
   */
  timeOf(sigma: number): number;
  /** The legs of N steps as the model's own sampler spaces them. Throws UserError for a number that it cannot give. */
  legs(steps: number): readonly Leg[];
}

/** A discrete noise schedule as diffusers' scheduler_config.json states it. */
export interface NoiseSchedule {
  readonly numTrainTimesteps: number;
  /** alphas_cumprod, float64, entry t is alpha-bar after t+1 noising steps (diffusers' indexing). */
  readonly alphasCumprod: Float64Array;
  readonly timestepSpacing: 'leading' | 'trailing' | 'linspace';
  readonly stepsOffset: number;
  readonly setAlphaToOne: boolean;
  readonly predictionType: 'epsilon' | 'v_prediction';
}

/** diffusers' schedulers whose configs say the same of DDIM, and what they hold for set_alpha_to_one by default. */
const SET_ALPHA_TO_ONE = { DDIMScheduler: true, PNDMScheduler: false } as const;

/**
 * The keys of scheduler_config.json, with the defaults of diffusers' DDIMScheduler (v0.25.1). Options that would change
 * the sampler and are not implemented are refused.
 */
export const schedulerConfigSchema = z.object({
  _class_name: z.enum(['DDIMScheduler', 'PNDMScheduler']).default('DDIMScheduler'),
  num_train_timesteps: z.number().int().positive().max(100_000).default(1000),
  beta_schedule: z.enum(['linear', 'scaled_linear', 'squaredcos_cap_v2']).default('linear'),
  beta_start: z.number().positive().default(0.0001),
  beta_end: z.number().positive().lt(1).default(0.02),
  timestep_spacing: z.enum(['leading', 'trailing', 'linspace']).default('leading'),
  steps_offset: z.number().int().nonnegative().default(0),
  set_alpha_to_one: z.boolean().optional(),
  prediction_type: z.enum(['epsilon', 'v_prediction']).default('epsilon'),
  trained_betas: z.null().default(null),
  clip_sample: z.literal(false).default(false),
  thresholding: z.literal(false).default(false),
  rescale_betas_zero_snr: z.literal(false).default(false),
});

export type SchedulerConfig = z.infer<typeof schedulerConfigSchema>;

/**
 * The schedule of a config, in float64. diffusers holds alphas_cumprod in float32, which is up to 1e-6 off: less than
 * what its DDIM trajectories are compared with here (test/fixtures/05-schedules).
 */
export function scheduleFromConfig(config: SchedulerConfig): NoiseSchedule {
  return {
    numTrainTimesteps: config.num_train_timesteps,
    alphasCumprod: alphasCumprod(betas(config)),
    timestepSpacing: config.timestep_spacing,
    stepsOffset: config.steps_offset,
    setAlphaToOne: config.set_alpha_to_one ?? SET_ALPHA_TO_ONE[config._class_name],
    predictionType: config.prediction_type,
  };
}

/**
 * `linear`: evenly spaced betas; `scaled_linear`: evenly spaced square roots of betas; `squaredcos_cap_v2`: `cosineBetas`,
 * which need no ends.
 */
export function betas(
  config: Pick<SchedulerConfig, 'beta_schedule' | 'beta_start' | 'beta_end' | 'num_train_timesteps'>,
): Float64Array {
  const { beta_start: start, beta_end: end, num_train_timesteps: count } = config;
  if (config.beta_schedule === 'squaredcos_cap_v2') return cosineBetas(count);
  return config.beta_schedule === 'linear'
    ? linspace(start, end, count)
    : linspace(Math.sqrt(start), Math.sqrt(end), count).map((root) => root * root);
}

/** The cosine schedule of Nichol and Dhariwal, arXiv 2102.09672, eq. 17, as betas of at most `most`. */
export function cosineBetas(count: number, s = 0.008, most = 0.999): Float64Array {
  const level = (t: number) => Math.cos((((t + s) / (1 + s)) * Math.PI) / 2) ** 2;
  return Float64Array.from({ length: count }, (_, i) =>
    Math.min(1 - level((i + 1) / count) / level(i / count), most),
  );
}

/** Running product of 1 - beta. */
export function alphasCumprod(betas: Float64Array): Float64Array {
  let product = 1;
  return betas.map((beta) => {
    product *= 1 - beta;
    return product;
  });
}

/** The place of `sigma` among sqrt((1 - abar) / abar), which rise with t: evenly in log sigma between two of them. */
export function timeOfSigma(alphasCumprod: Float64Array, sigma: number): number {
  const logSigma = (t: number) => 0.5 * Math.log(1 / alphasCumprod[t]! - 1);
  const wanted = Math.log(sigma);
  const above = alphasCumprod.findIndex((_, t) => logSigma(t) > wanted);
  if (above <= 0) return above < 0 ? alphasCumprod.length - 1 : 0;
  const [low, high] = [logSigma(above - 1), logSigma(above)];
  return above - 1 + (wanted - low) / (high - low);
}

/** numpy.linspace: `count` numbers from `start` to `end`, both included. */
export function linspace(start: number, end: number, count: number): Float64Array {
  const step = count > 1 ? (end - start) / (count - 1) : 0;
  return Float64Array.from({ length: count }, (_, i) => (i === count - 1 && i > 0 ? end : start + step * i));
}
