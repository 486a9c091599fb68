/** DiffPIR's walk (arXiv 2305.08995): its times, and the measurement noised to where they start. */
import { type Tensor, tf } from '../../engine/tf.ts';
import { UserError } from '../../errors.ts';
import type { Prior } from '../../priors/prior.ts';
import { type Leg, type Level, linspace, type Schedule } from '../../priors/schedule.ts';
import { type DdimAt, ddim, type Grid } from './grids.ts';
import { type Levels, withLevels } from './levels.ts';
import { asPicture } from './start.ts';

/** How many of T times lie above the i-th of N, from 0 to T - 1. */
const ABOVE = {
  quadratic: (T: number, N: number) =>
    Array.from(linspace(0, T ** 2, N), (square, i) => Math.floor(Math.sqrt(square)) - (i === N - 1 ? 1 : 0)),
  uniform: (T: number, N: number) => Array.from(linspace(0, T - 1, N), Math.floor),
} as const;

export const SPACINGS = ['quadratic', 'uniform'] as const satisfies readonly (keyof typeof ABOVE)[];

/** The walk of N steps from `startTime` (null: the schedule's last time) to the clean end, each step `repeats` times. */
export interface Walk {
  readonly steps: number;
  readonly spacing: keyof typeof ABOVE;
  readonly startTime: number | null;
  readonly repeats: number;
  /** Share of DDPM's noise sqrt(beta_t) in the noise of a step. */
  readonly eta: number;
}

/** @throws UserError for a start or a number of steps that the schedule does not have */
export function plugAndPlay(prior: Prior, p: Walk): Grid<DdimAt & Levels> {
  const { schedule } = prior;
  const sigma = (now: Level, next: Level, { t }: Leg) =>
    p.eta * (next.noise / now.noise) * Math.sqrt(1 - (now.signal / schedule.level(t - 1).signal) ** 2);
  const T = startOf(schedule, p.startTime) + 1;
  const times = ABOVE[p.spacing](T, p.steps).map((above) => T - 1 - above);
  const legs = times.map((t, i): Leg => ({ t, next: times[i + 1] ?? -1 }));
  const walk = legs.flatMap((leg) => Array<Leg>(p.repeats).fill(leg));
  return withLevels(prior, { ...ddim(prior, p, sigma), legs: walk });
}

function startOf({ length }: Schedule, startTime: number | null): number {
  const last = length - 1;
  if (startTime !== null && startTime > last)
    throw new UserError(
      `startTime: found ${startTime}; expected at most ${last}, the last time of the prior`,
    );
  return startTime ?? last;
}

/**
 * The measurement at the start's level. Where y has the picture's shape its own noise counts as noise of the level, as in
 * the public code; else it is enlarged first.
 * @param sigma standard deviation of y's noise
 * @param n standard normal, shaped like the pictures
 */
export function noisedMeasurement(
  { schedule, imageShape }: Prior,
  startTime: number | null,
  y: Tensor,
  sigma: number,
  n: Tensor,
): Tensor {
  const start = schedule.level(startOf(schedule, startTime));
  const mix = (a: number, b: number) => tf.add(tf.mul(a, asPicture(y, imageShape)), tf.mul(b, n));
  if (y.shape.slice(1).join() !== imageShape.join()) return mix(start.signal, start.noise);
  const measured = levelOfNoise(schedule, sigma);
  const a = start.signal / measured.signal;
  return mix(a, Math.sqrt(start.noise ** 2 - (a * measured.noise) ** 2));
}

/** The level of the schedule whose noise / signal is nearest to sigma. */
function levelOfNoise(schedule: Schedule, sigma: number): Level {
  const levels = Array.from({ length: schedule.length }, (_, t) => schedule.level(t));
  const distance = ({ signal, noise }: Level) => Math.abs(noise / signal - sigma);
  return levels.reduce((best, level) => (distance(level) < distance(best) ? level : best));
}

/** Standard normal arrays of a step. `fresh`: of the share zeta; `back`: of the way up again where the step is repeated. */
export type PartialNoise = { readonly fresh?: Tensor; readonly back?: Tensor };

/**
 * The solution xHat of a data step noised to where the leg lands: by the noise that makes x_t of it, and by a share zeta of
 * fresh noise. With `back`, on to where the leg starts.
 */
export function noisedAgain(
  at: DdimAt & Levels,
  x: Tensor,
  xHat: Tensor,
  zeta: number,
  { fresh, back }: PartialNoise,
): Tensor {
  const mean = tf.mul(at.to.signal, xHat);
  const kept = tf.mul(Math.sqrt(1 - zeta), tf.sub(at.ddim(xHat, at.noiseOf(x, xHat)), mean));
  const landed = tf.add(
    mean,
    fresh ? tf.add(kept, tf.mul(tf.mul(Math.sqrt(zeta), at.to.noise), fresh)) : kept,
  );
  if (!back) return landed;
  const a = tf.div(at.from.signal, at.to.signal);
  return tf.add(tf.mul(a, landed), tf.mul(tf.sqrt(tf.sub(1, tf.square(a))), back));
}
