/**
 * Time grids as data: the legs that a sampler walks, their coefficients in float64, and what a step may do with them.
 * x_t = signal x_0 + noise e throughout; x_t and all pictures are [B,C,H,W] (or latents [B,c,h,w]).
 */
import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { ddpmSample, ddpmStepAt, keptSteps, pMeanVariance, posteriorTables } from '../../priors/ddpm.ts';
import type { Prediction, Prior } from '../../priors/prior.ts';
import type { Leg, Level } from '../../priors/schedule.ts';
import { reverseSteps } from '../checked-parameters.ts';

export const steps = reverseSteps(1000);
export const eta = z.number().min(0).max(1).default(0).describe('stochasticity of DDIM; 0 is deterministic');

/** Numbers of one leg, by name. `t`: what the network is told; `fresh`: weight of the noise that the leg adds, 0: none. */
export type Coefficients = Readonly<Record<string, number>> & { readonly t: number; readonly fresh: number };

export interface Grid<At> {
  readonly legs: readonly Leg[];
  /** [c,h,w] of the noise that a leg adds. */
  readonly shape: readonly number[];
  coefficients(legs: readonly Leg[]): readonly Coefficients[];
  /** What a step may do there: `c` holds the coefficients as scalars, `gaussian` the leg's noise (0 where it adds none). */
  at(c: Readonly<Record<string, Tensor>>, gaussian: Tensor): At;
}

/** Of every grid: the network's time, and what its prediction at x_t means. */
export interface At {
  readonly t: Tensor;
  /** Tweedie's estimate of x_0: (x_t - noise e) / signal. */
  clean(x: Tensor, predicted: Prediction): Tensor;
  /** The predicted noise e. */
  noise(x: Tensor, predicted: Prediction): Tensor;
  /** The score of x_t's density, -e / noise. */
  score(x: Tensor, predicted: Prediction): Tensor;
  /** x_0, or a measurement of it, noised to where the leg starts: signal x_0 + noise n. */
  noised(x0: Tensor, n: Tensor): Tensor;
  /** The noise that turns another clean picture than the predicted one into x_t: (x_t - signal x_0) / noise. */
  noiseOf(x: Tensor, x0: Tensor): Tensor;
}

/** Of a DDIM grid (Song et al., arXiv 2010.02502, eq. 12). */
export interface DdimAt extends At {
  /** The next x: signal' x_0 + direction e + fresh gaussian. */
  ddim(x0: Tensor, e: Tensor): Tensor;
  /** x_0 noised anew to where the leg ends: signal' x_0 + noise' gaussian; of legs that go up (travel in time). */
  renoise(x0: Tensor): Tensor;
}

/** sigma = eta sqrt((1 - abar') / (1 - abar)) sqrt(1 - abar / abar') of DDIM's eq. 16. */
const ddimSigma = (eta: number) => (now: Level, next: Level) =>
  eta * (next.noise / now.noise) * Math.sqrt(1 - (now.signal / next.signal) ** 2);

/**
 * The model's own grid of N steps. `sigma`: the share of fresh noise where a step lands, DDIM's by default.
 * @throws UserError for a number of steps that the schedule cannot give
 */
export function ddim(
  prior: Prior,
  p: { readonly steps: number; readonly eta: number },
  sigma: (now: Level, next: Level, leg: Leg) => number = ddimSigma(p.eta),
): Grid<DdimAt> {
  const { schedule, shape } = prior;
  return {
    legs: schedule.legs(p.steps),
    shape,
    coefficients: (legs) =>
      legs.map((leg) => {
        const { t, next } = leg;
        const [now, then] = [schedule.level(t), schedule.level(next)];
        const fresh = next > t ? then.noise : sigma(now, then, leg);
        const direction = Math.sqrt(Math.max(then.noise ** 2 - fresh ** 2, 0));
        return { t, ...now, signalNext: then.signal, direction, fresh };
      }),
    at: (c, gaussian) => ({
      ...reading(prior, c),
      ddim(x0, e) {
        const mean = tf.add(tf.mul(c.signalNext!, x0), tf.mul(c.direction!, e));
        return gaussian.rank === 0 ? mean : tf.add(mean, tf.mul(c.fresh!, gaussian));
      },
      renoise: (x0) => tf.add(tf.mul(c.signalNext!, x0), tf.mul(c.fresh!, gaussian)),
    }),
  };
}

/**
 * The grid with travels in time (RePaint, arXiv 2201.09865; DDNM, arXiv 2212.00490, Algorithm 2): at every `length`-th
 * step the walk goes `length` steps up again, `repeat - 1` times.
 */
export function travelling<A>(grid: Grid<A>, length: number, repeat: number): Grid<A> {
  const times = grid.legs.map(({ t }) => t).reverse();
  const walk = travelWalk(times.length, length, repeat).map((i) => times[i]!);
  const end = grid.legs.at(-1)!.next;
  return { ...grid, legs: walk.map((t, k) => ({ t, next: walk[k + 1] ?? end })) };
}

/** The steps of such a walk in order, counted from the cleanest, 0. */
export function travelWalk(steps: number, length: number, repeat: number): readonly number[] {
  const returns = Array.from({ length: steps }, (_, i) =>
    i % length === 0 && i < steps - length ? repeat - 1 : 0,
  );
  const walk: number[] = [];
  for (let i = steps - 1; i >= 0; i--) {
    walk.push(i);
    if (returns[i]! === 0) continue;
    returns[i]!--;
    for (let k = 0; k < length; k++) walk.push(++i);
  }
  return walk;
}

/** p(x_{t-1} | x_t); of a prior without learned variance with that of q(x_{t-1} | x_t, x_0). */
export interface Posterior {
  /** Clipped to [-1,1]; its gradient is 0 where it was outside. */
  readonly x0: Tensor;
  readonly mean: Tensor;
  readonly logVariance: Tensor;
}

export interface AncestralAt extends At {
  /** x_0, or a measurement of it, noised to where the leg lands. */
  noisedNext(x0: Tensor, n: Tensor): Tensor;
  posterior(x: Tensor, predicted: Prediction): Posterior;
  /** A sample of it: mean + sqrt(variance) gaussian. */
  draw(q: Posterior): Tensor;
}

/** Ancestral sampling on N of the training steps, evenly from the last to the first (Nichol and Dhariwal, arXiv 2102.09672). */
export function ancestral(prior: Prior, N: number): Grid<AncestralAt> {
  const { schedule, shape } = prior;
  const kept = [...keptSteps(schedule.length, { method: 'sections', counts: [N] })].reverse();
  return {
    legs: kept.map((t, i) => ({ t, next: kept[i + 1] ?? -1 })),
    shape,
    coefficients(legs) {
      const bars = legs.map(({ t }) => schedule.level(t).signal ** 2).reverse();
      const tables = posteriorTables(bars);
      return legs.map(({ t, next }, i) => {
        const { signal: signalNext, noise: noiseNext } = schedule.level(next);
        const step = ddpmStepAt(tables, legs.length - 1 - i);
        return { t, ...schedule.level(t), signalNext, noiseNext, ...step, fresh: next < 0 ? 0 : 1 };
      });
    },
    at(c, gaussian) {
      const at = reading(prior, c);
      return {
        ...at,
        noisedNext: (x0, n) => tf.add(tf.mul(c.signalNext!, x0), tf.mul(c.noiseNext!, n)),
        posterior(x, predicted) {
          // -1 is the lower bound of learned variances.
          const { variance = tf.scalar(-1) } = predicted;
          const noise = at.noise(x, predicted);
          return pMeanVariance({ x, noise, variance, at: c as never }, { clipDenoised: true });
        },
        draw: (q) => (gaussian.rank === 0 ? q.mean : ddpmSample(q, gaussian)),
      };
    },
  };
}

/** What the prior's predictions mean at these levels, all scalars. */
export function reading({ predicts }: Prior, { t, signal, noise }: Readonly<Record<string, Tensor>>): At {
  const mix = (a: Tensor, x: Tensor, b: Tensor, y: Tensor) => tf.add(tf.mul(a, x), tf.mul(b, y));
  const e = (x: Tensor, { value }: Prediction) => (predicts === 'v' ? mix(signal!, value, noise!, x) : value);
  return {
    t: t!,
    clean: (x, { value }) =>
      predicts === 'v'
        ? mix(signal!, x, tf.neg(noise!), value)
        : tf.div(tf.sub(x, tf.mul(noise!, value)), signal!),
    noise: e,
    score: (x, predicted) => tf.neg(tf.div(e(x, predicted), noise!)),
    noised: (x0, n) => mix(signal!, x0, noise!, n),
    noiseOf: (x, x0) => tf.div(tf.sub(x, tf.mul(signal!, x0)), noise!),
  };
}
