/** DDIM sampling (Song et al., arXiv 2010.02502, eq. 12), on the time grids of diffusers' DDIMScheduler. */
import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { type Leg, linspace, type NoiseSchedule, type Schedule, timeOfSigma } from './schedule.ts';

/** One step of the sampler, from time t to the next, less noisy one. */
export interface DdimStep {
  /** Counts down: N, ..., 1; the last step is 1. */
  readonly n: number;
  /** Training time step, what the network is told. */
  readonly t: number;
  readonly alphaBar: number;
  readonly alphaBarNext: number;
}

/** The time axis of a table of noise levels. */
export function discreteSchedule(table: NoiseSchedule): Schedule {
  const end = table.setAlphaToOne ? 1 : table.alphasCumprod[0]!;
  return {
    length: table.numTrainTimesteps,
    level(t) {
      const alphaBar = t < 0 ? end : table.alphasCumprod[t]!;
      return { signal: Math.sqrt(alphaBar), noise: Math.sqrt(1 - alphaBar) };
    },
    timeOf: (sigma) => timeOfSigma(table.alphasCumprod, sigma),
    legs(steps) {
      const stride = Math.floor(table.numTrainTimesteps / steps);
      // diffusers steps back by N//n from t, whatever the next grid point is.
      return ddimTimesteps(table, steps).map((t): Leg => ({ t, next: Math.max(t - stride, -1) }));
    },
  };
}

/** A number of the schedule, or a scalar tensor that stands for it in a compiled step. */
export type Scalar = Tensor | number;

/** The steps n = N..1. Throws UserError for a number of steps that the schedule cannot give. */
export function ddimSteps(schedule: NoiseSchedule, steps: number): readonly DdimStep[] {
  const { alphasCumprod, numTrainTimesteps, setAlphaToOne } = schedule;
  const stride = Math.floor(numTrainTimesteps / steps);
  const finalAlphaBar = setAlphaToOne ? 1 : alphasCumprod[0]!;
  const times = ddimTimesteps(schedule, steps);
  return times.map((t, i) => ({
    n: times.length - i,
    t,
    alphaBar: alphasCumprod[t]!,
    // diffusers steps back by N//n from t, whatever the next grid point is.
    alphaBarNext: t - stride >= 0 ? alphasCumprod[t - stride]! : finalAlphaBar,
  }));
}

/**
 * Training time steps to visit, descending: diffusers' grid, kept inside the schedule. With as many steps as the
 * schedule has, steps_offset is dropped (diffusers would ask for t = N, which does not exist); where floating point
 * gives `trailing` one step too many, a -1 at the end, that step is dropped.
 */
export function ddimTimesteps(schedule: NoiseSchedule, steps: number): readonly number[] {
  const { numTrainTimesteps } = schedule;
  if (!Number.isInteger(steps) || steps < 1 || steps > numTrainTimesteps) {
    throw new UserError(`steps: found ${steps}; expected a whole number from 1 to ${numTrainTimesteps}`);
  }
  const times = diffusersTimesteps(
    dropsOffset(schedule, steps) ? { ...schedule, stepsOffset: 0 } : schedule,
    steps,
  );
  if (times[0]! >= numTrainTimesteps) {
    throw new UserError(
      `steps: ${steps} steps with steps_offset ${schedule.stepsOffset} start at t = ${times[0]}; the schedule ends at ${numTrainTimesteps - 1}`,
    );
  }
  return times.filter((t) => t >= 0);
}

/** Whether ddimTimesteps departs from diffusers, whose first step would be the schedule's length. */
export function dropsOffset(schedule: NoiseSchedule, steps: number): boolean {
  const { timestepSpacing, stepsOffset, numTrainTimesteps } = schedule;
  return timestepSpacing === 'leading' && stepsOffset > 0 && steps === numTrainTimesteps;
}

/** What DDIMScheduler.set_timesteps returns, out-of-range values included. */
export function diffusersTimesteps(
  {
    timestepSpacing,
    stepsOffset,
    numTrainTimesteps: N,
  }: Pick<NoiseSchedule, 'timestepSpacing' | 'stepsOffset' | 'numTrainTimesteps'>,
  steps: number,
): readonly number[] {
  switch (timestepSpacing) {
    case 'leading': {
      const stride = Math.floor(N / steps);
      return Array.from({ length: steps }, (_, i) => (steps - 1 - i) * stride + stepsOffset);
    }
    case 'trailing': {
      // numpy.arange(N, 0, -N / steps): its length and increments as float64 gives them.
      const length = Math.ceil(N / (N / steps));
      const increment = N - N / steps - N;
      return Array.from({ length }, (_, i) => roundHalfEven(N + i * increment) - 1);
    }
    case 'linspace':
      return Array.from(linspace(0, N - 1, steps), roundHalfEven).reverse();
  }
}

/** Posterior mean (Tweedie): (z - sqrt(1 - abar) noise) / sqrt(abar). */
export function z0FromNoise(z: Tensor, noise: Tensor, alphaBar: Scalar): Tensor {
  return tf.div(tf.sub(z, tf.mul(tf.sqrt(tf.sub(1, alphaBar)), noise)), tf.sqrt(alphaBar));
}

/** The noise that turns z0 into z: (z - sqrt(abar) z0) / sqrt(1 - abar). */
export function noiseFromZ0(z: Tensor, z0: Tensor, alphaBar: Scalar): Tensor {
  return tf.div(tf.sub(z, tf.mul(tf.sqrt(alphaBar), z0)), tf.sqrt(tf.sub(1, alphaBar)));
}

/** Noise of a velocity prediction v = sqrt(abar) noise - sqrt(1 - abar) z0: sqrt(abar) v + sqrt(1 - abar) z. */
export function noiseFromVelocity(z: Tensor, velocity: Tensor, alphaBar: Scalar): Tensor {
  return tf.add(tf.mul(tf.sqrt(alphaBar), velocity), tf.mul(tf.sqrt(tf.sub(1, alphaBar)), z));
}

/**
 * The next latent, sqrt(abar') z0 + sqrt(1 - abar' - s^2) noise + s gaussian with
 * s = eta sqrt((1 - abar') / (1 - abar)) sqrt(1 - abar / abar').
 * @param step eta 0 is deterministic: it takes no part in the graph and `gaussian` is not used
 */
export function ddimStep(step: {
  z0: Tensor;
  noise: Tensor;
  alphaBar: Scalar;
  alphaBarNext: Scalar;
  eta?: Scalar;
  gaussian?: Tensor;
}): Tensor {
  const { z0, noise, alphaBar, alphaBarNext, eta = 0, gaussian } = step;
  const signal = tf.mul(tf.sqrt(alphaBarNext), z0);
  const nextVariance = tf.sub(1, alphaBarNext);
  if (eta === 0) return tf.add(signal, tf.mul(tf.sqrt(nextVariance), noise));
  if (!gaussian) throw new Error('ddimStep: eta > 0 needs gaussian noise');
  const variance = tf.mul(
    tf.square(eta),
    tf.mul(tf.div(nextVariance, tf.sub(1, alphaBar)), tf.sub(1, tf.div(alphaBar, alphaBarNext))),
  );
  const mean = tf.add(signal, tf.mul(tf.sqrt(tf.sub(nextVariance, variance)), noise));
  return tf.add(mean, tf.mul(tf.sqrt(variance), gaussian));
}

/** numpy.round. */
export function roundHalfEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
