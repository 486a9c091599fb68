/**
 * Ancestral sampling with learned variance: the tables, respacing and posterior of guided-diffusion
 * (guided_diffusion/gaussian_diffusion.py and respace.py, as in DPS2022/diffusion-posterior-sampling@effbde7; Nichol and
 * Dhariwal, arXiv 2102.09672, eqs. 9 to 17). Tables are float64; the arithmetic on images is float32, as there.
 */
import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { roundHalfEven, type Scalar } from './ddim.ts';
import { alphasCumprod, cosineBetas, linspace } from './schedule.ts';

/** The two schedules of get_named_beta_schedule; `cosine` is asked for by cases of `tweedie verify` only. */
export type DdpmBetas = { readonly num_train_timesteps: number } & (
  | { readonly beta_schedule: 'linear'; readonly beta_start: number; readonly beta_end: number }
  | { readonly beta_schedule: 'cosine'; readonly cosine_s: number; readonly max_beta: number }
);

/**
 * Which training steps are kept: `timestep_respacing` of the reference, "", "10,15,20" and "ddim50", read. The first and
 * the last are asked for by cases of `tweedie verify` only.
 */
export type Respacing =
  | { readonly method: 'all' }
  | { readonly method: 'sections'; readonly counts: readonly number[] }
  | { readonly method: 'ddim'; readonly n: number };

/** Float64 values by the index after respacing, 0 the least noisy. */
export interface DdpmTables {
  /** Training step of each index: what the network is told. */
  readonly timestepMap: readonly number[];
  readonly betas: Float64Array;
  readonly alphasCumprod: Float64Array;
  readonly posteriorVariance: Float64Array;
  /** Its logarithm; entry 0, whose variance is 0, takes that of entry 1. */
  readonly posteriorLogVarianceClipped: Float64Array;
  /** Weights of x0 and x_t in the posterior's mean. */
  readonly posteriorMeanCoef1: Float64Array;
  readonly posteriorMeanCoef2: Float64Array;
}

/** Betas of the training steps. */
export function ddpmBetas(schedule: DdpmBetas): Float64Array {
  const count = schedule.num_train_timesteps;
  if (schedule.beta_schedule === 'linear') return linspace(schedule.beta_start, schedule.beta_end, count);
  return cosineBetas(count, schedule.cosine_s, schedule.max_beta);
}

/** Tables of the diffusion that visits only the steps kept. Throws UserError for steps that the schedule cannot give. */
export function ddpmTables(trainingBetas: Float64Array, respacing: Respacing): DdpmTables {
  const timestepMap = keptSteps(trainingBetas.length, respacing);
  const bars = alphasCumprod(trainingBetas);
  return { timestepMap, ...posteriorTables(timestepMap.map((t) => bars[t]!)) };
}

/** Tables of the diffusion whose steps have these alpha-bars, the least noisy first. Throws UserError for fewer than 2. */
export function posteriorTables(bars: readonly number[]): Omit<DdpmTables, 'timestepMap'> {
  if (bars.length < 2) throw new UserError(`steps: found ${bars.length}; expected at least 2`);
  const betas = Float64Array.from(bars, (bar, i) => 1 - bar / (i === 0 ? 1 : bars[i - 1]!));
  // Accumulated anew from the new betas, as the reference does.
  const respaced = alphasCumprod(betas);
  const previous = (i: number) => (i === 0 ? 1 : respaced[i - 1]!);
  const posteriorVariance = betas.map((beta, i) => (beta * (1 - previous(i))) / (1 - respaced[i]!));
  return {
    betas,
    alphasCumprod: respaced,
    posteriorVariance,
    posteriorLogVarianceClipped: posteriorVariance.map((_, i) =>
      Math.log(posteriorVariance[Math.max(i, 1)]!),
    ),
    posteriorMeanCoef1: betas.map((beta, i) => (beta * Math.sqrt(previous(i))) / (1 - respaced[i]!)),
    posteriorMeanCoef2: betas.map(
      (beta, i) => ((1 - previous(i)) * Math.sqrt(1 - beta)) / (1 - respaced[i]!),
    ),
  };
}

/** The training steps that remain, ascending. Throws UserError where a section is shorter than its count. */
export function keptSteps(total: number, respacing: Respacing): readonly number[] {
  switch (respacing.method) {
    case 'all':
      return Array.from({ length: total }, (_, i) => i);
    case 'ddim':
      return evenSteps(total, respacing.n);
    case 'sections':
      return sectionSteps(total, respacing.counts);
  }
}

/** The smallest whole stride that gives n steps from 0. */
function evenSteps(total: number, n: number): readonly number[] {
  for (let stride = 1; stride < total; stride++) {
    if (Math.ceil(total / stride) === n) return Array.from({ length: n }, (_, i) => i * stride);
  }
  throw new UserError(`steps: no whole stride gives ${n} steps of ${total}`);
}

/** Each of as many parts as there are counts, the first ones longer by one where they do not divide, evenly strided. */
function sectionSteps(total: number, counts: readonly number[]): readonly number[] {
  const kept: number[] = [];
  let start = 0;
  for (const [i, count] of counts.entries()) {
    const size = Math.floor(total / counts.length) + (i < total % counts.length ? 1 : 0);
    if (!Number.isInteger(count) || count < 1 || count > size) {
      throw new UserError(`steps: found ${count}; expected a whole number from 1 to ${size}`);
    }
    const stride = count === 1 ? 1 : (size - 1) / (count - 1);
    // Added up, not multiplied: rounding errors decide halves.
    for (let k = 0, x = 0; k < count; k++, x += stride) kept.push(start + roundHalfEven(x));
    start += size;
  }
  return kept;
}

/** What the posterior of one step needs: numbers, or scalar tensors that stand for them in a compiled step. */
export type DdpmStep<S extends Scalar = Scalar> = {
  /** x0 = recip x - recipM1 noise. */
  readonly recip: S;
  readonly recipM1: S;
  /** mean = coef1 x0 + coef2 x. */
  readonly coef1: S;
  readonly coef2: S;
  /** Between which the log-variance lies. */
  readonly minLog: S;
  readonly maxLog: S;
};

/** The numbers of the step at an index of the tables. */
export function ddpmStepAt(tables: Omit<DdpmTables, 'timestepMap'>, index: number): DdpmStep<number> {
  const inverse = 1 / tables.alphasCumprod[index]!;
  return {
    recip: Math.sqrt(inverse),
    recipM1: Math.sqrt(inverse - 1),
    coef1: tables.posteriorMeanCoef1[index]!,
    coef2: tables.posteriorMeanCoef2[index]!,
    minLog: tables.posteriorLogVarianceClipped[index]!,
    maxLog: Math.log(tables.betas[index]!),
  };
}

/** The halves of a network's output [B,2C,H,W]: the noise, and the values that place the log-variance. */
export function splitOutput(output: Tensor): { noise: Tensor; variance: Tensor } {
  const [noise, variance] = tf.split(output, 2, 1) as [Tensor, Tensor];
  return { noise, variance };
}

export interface PosteriorOptions {
  /** Keep x0 within [-1,1]; its gradient is then 0 where it was outside. */
  readonly clipDenoised: boolean;
  /** x0 is multiplied by it and clipped (`dynamic_threshold`): see dynamicScale. Default null: not done. */
  readonly dynamicScale?: Scalar | null;
}

/**
 * p(x_{t-1} | x_t) of a noise-predicting network with variance `learned_range`: log-variance = f maxLog + (1-f) minLog,
 * f = (v+1)/2. All images [B,C,H,W].
 */
export function pMeanVariance(
  { x, noise, variance, at }: { x: Tensor; noise: Tensor; variance: Tensor; at: DdpmStep },
  { clipDenoised, dynamicScale = null }: PosteriorOptions,
): { mean: Tensor; logVariance: Tensor; x0: Tensor } {
  let x0: Tensor = tf.sub(tf.mul(at.recip, x), tf.mul(at.recipM1, noise));
  if (dynamicScale !== null) x0 = tf.clipByValue(tf.mul(x0, dynamicScale), -1, 1);
  if (clipDenoised) x0 = tf.clipByValue(x0, -1, 1);
  const share = tf.div(tf.add(variance, 1), 2);
  return {
    x0,
    mean: tf.add(tf.mul(at.coef1, x0), tf.mul(at.coef2, x)),
    logVariance: tf.add(tf.mul(share, at.maxLog), tf.mul(tf.sub(1, share), at.minLog)),
  };
}

/** mean + exp(logVariance / 2) gaussian; at index 0 the caller gives a gaussian of 0. */
export function ddpmSample(
  { mean, logVariance }: { mean: Tensor; logVariance: Tensor },
  gaussian: Tensor,
): Tensor {
  return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), gaussian));
}

/**
 * DPS's dynamic_thresholding multiplies x0 by the 0.95 quantile of its magnitudes over the whole batch (util/img_utils.py;
 * torch.quantile interpolates). On the host: the graph has no sort.
 * Cases of `tweedie verify` ask for it; no solver does.
 * @param x0 the estimate of pMeanVariance without clipping
 */
export function dynamicScale(x0: ArrayLike<number>): number {
  const sorted = Float64Array.from(x0, Math.abs).sort();
  const rank = 0.95 * (sorted.length - 1);
  const low = sorted[Math.floor(rank)]!;
  return low + (rank - Math.floor(rank)) * (sorted[Math.ceil(rank)]! - low);
}
