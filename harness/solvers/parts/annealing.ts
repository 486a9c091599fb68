/**
 * Annealing over noise levels in the picture's own scale, x = x_0 + sigma n, and the probability-flow ODE that leads from one
 * of them to the clean end (Karras et al., arXiv 2206.00364), with priors that know x_t = signal x_0 + noise e.
 */
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prediction, Prior } from '../../priors/prior.ts';
import { type At, type Grid, reading } from './grids.ts';

/** N + 1 levels, both ends included, evenly spaced in sigma^(1/7) (eq. 5 there). */
export function powerLevels(from: number, to: number, N: number): readonly number[] {
  const [a, b] = [from, to].map((sigma) => sigma ** (1 / 7)) as [number, number];
  return Array.from({ length: N + 1 }, (_, k) => (a + (k / N) * (b - a)) ** 7);
}

/** What a step may do at the level sigma_k. */
export interface AnnealingAt {
  readonly sigma: Tensor;
  /** The step size of a Markov chain there. */
  readonly rate: Tensor;
  /** x_0 noised to the next level: x_0 + sigma_{k+1} n. */
  renoise(x0: Tensor, n: Tensor): Tensor;
}

export interface Annealing {
  readonly steps: number;
  readonly sigmaMax: number;
  readonly sigmaMin: number;
  readonly lr: number;
  readonly lrMinRatio: number;
}

/** A grid of levels; sigmaAt: the level that a visit, which counts N..1, starts from. */
export interface AnnealingGrid extends Grid<AnnealingAt> {
  sigmaAt(visit: { readonly n: number }): number;
}

/**
 * The levels of `steps` + 1 on which the last gives way to 0, as in DAPS's code: sigmaMin itself is not visited. Step sizes
 * fall evenly from lr towards lr lrMinRatio.
 */
export function annealing({ schedule, shape }: Prior, p: Annealing): AnnealingGrid {
  const sigmas = [...powerLevels(p.sigmaMax, p.sigmaMin, p.steps).slice(0, -1), 0];
  const times = sigmas.map((sigma) => (sigma > 0 ? schedule.timeOf(sigma) : -1));
  return {
    legs: Array.from({ length: p.steps }, (_, k) => ({ t: times[k]!, next: times[k + 1]! })),
    shape,
    sigmaAt: ({ n }) => sigmas[p.steps - n]!,
    coefficients: (legs) =>
      legs.map(({ t }, k) => ({
        t,
        // The noise of a level is drawn at its end, after its chain's: by the method.
        fresh: 0,
        sigma: sigmas[k]!,
        sigmaNext: sigmas[k + 1]!,
        rate: p.lr * (1 + (k / (p.steps + 1)) * (p.lrMinRatio - 1)),
      })),
    at: (c) => ({
      sigma: c.sigma!,
      rate: c.rate!,
      renoise: (x0, n) => tf.add(x0, tf.mul(c.sigmaNext!, n)),
    }),
  };
}

/** Tweedie's estimate D(x; sigma) of x = x_0 + sigma n; `t`: the time of sigma, both scalars. */
export type Denoise = (x: Tensor, sigma: Tensor, t: Tensor) => Tensor;

export function denoiser(prior: Prior, predict: (x: Tensor, t: Tensor) => Prediction): Denoise {
  return (x, sigma, t) => {
    const { scaled, at } = known(prior, x, sigma, t);
    return at.clean(scaled, predict(scaled, t));
  };
}

/** x = x_0 + sigma n as the prior knows it, signal x_0 + noise n, and what its predictions there mean. */
export function known(prior: Prior, x: Tensor, sigma: Tensor, t: Tensor): { scaled: Tensor; at: At } {
  const signal = tf.div(1, tf.sqrt(tf.add(1, tf.square(sigma))));
  return { scaled: tf.mul(signal, x), at: reading(prior, { t, signal, noise: tf.mul(sigma, signal) }) };
}

/** An Euler step's ends, and the network's time at the first; scalars, new for each call. */
export type EulerLeg = { readonly sigma: Tensor; readonly next: Tensor; readonly t: Tensor };

/** The way from one level down to another in N Euler steps. */
export function* eulerLegs({ schedule }: Prior, from: number, to: number, N: number): Generator<EulerLeg> {
  const sigmas = powerLevels(from, to, N);
  for (let j = 0; j < N; j++) {
    const [sigma, next] = [sigmas[j]!, sigmas[j + 1]!];
    yield { sigma: tf.scalar(sigma), next: tf.scalar(next), t: tf.scalar(schedule.timeOf(sigma)) };
  }
}

/** One Euler step of dx/dsigma = (x - D(x; sigma)) / sigma (eq. 1 and 3 there). */
export function eulerStep(denoise: Denoise, x: Tensor, { sigma, next, t }: EulerLeg): Tensor {
  const slope = tf.div(tf.sub(x, denoise(x, sigma, t)), sigma);
  return tf.add(x, tf.mul(tf.sub(next, sigma), slope));
}
