/**
 * The noise levels that samplers of text-to-image models walk, in the picture's own scale, x = x_0 + sigma n: from the prior's
 * highest level to 0, as k-diffusion spaces them (Karras et al., arXiv 2206.00364, eq. 5).
 */
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prior } from '../../priors/prior.ts';
import { powerLevels } from './annealing.ts';
import type { Grid } from './grids.ts';

/** A level, and the training time nearest to it in log sigma, which is what a network is told. */
export interface NoiseLevel {
  readonly sigma: Tensor;
  readonly t: Tensor;
}

/** What a step may do on its way from one level to the next; all numbers are scalars. */
export interface NoiseLevelAt extends NoiseLevel {
  /** (down / sigma) x + (1 - down / sigma) x_0, as the estimate x_0 says: the noise of x, carried to where the leg lands. */
  readonly remaining: Tensor;
  /** Half-way there in log sigma. */
  readonly middle: NoiseLevel & { readonly remaining: Tensor };
  /** Weight of the last estimate's error in a step of second order; 0 where there is none, and at the end. */
  readonly memory: Tensor;
  /** x with the leg's fresh noise, where it adds some. */
  noised(x: Tensor): Tensor;
}

export interface NoiseLevelGrid extends Grid<NoiseLevelAt> {
  /** The highest level. */
  readonly start: number;
}

/**
 * N levels and the clean end. The lowest level of the prior is the (N+1)-th: it is not visited.
 * @param ancestral as much of the noise of a level is fresh as in ancestral sampling
 */
export function noiseLevels({ schedule, shape }: Prior, N: number, ancestral: boolean): NoiseLevelGrid {
  const sigmaOf = (t: number) => schedule.level(t).noise / schedule.level(t).signal;
  const [most, least] = [sigmaOf(schedule.length - 1), sigmaOf(0)];
  const sigmas = [...powerLevels(most, least, N).slice(0, -1), 0];
  const timeOf = (sigma: number) => (sigma > 0 ? Math.round(schedule.timeOf(sigma)) : -1);
  return {
    start: most,
    shape,
    legs: Array.from({ length: N }, (_, k) => ({ t: timeOf(sigmas[k]!), next: timeOf(sigmas[k + 1]!) })),
    coefficients: (legs) =>
      legs.map(({ t }, k) => {
        const [before, sigma, next] = [sigmas[k - 1], sigmas[k]!, sigmas[k + 1]!];
        const fresh = ancestral ? next * Math.sqrt(1 - (next / sigma) ** 2) : 0;
        const down = Math.sqrt(next ** 2 - fresh ** 2);
        const middle = next > 0 ? Math.sqrt(sigma * down) : sigma;
        return {
          t,
          fresh,
          sigma,
          remaining: down / sigma,
          middle,
          middleT: timeOf(middle),
          middleRemaining: middle / sigma,
          memory: before && next > 0 ? memoryOf(before, sigma, next) : 0,
        };
      }),
    at: (c, gaussian) => ({
      sigma: c.sigma!,
      t: c.t!,
      remaining: c.remaining!,
      middle: { sigma: c.middle!, t: c.middleT!, remaining: c.middleRemaining! },
      memory: c.memory!,
      noised: (x) => (gaussian.rank === 0 ? x : tf.add(x, tf.mul(c.fresh!, gaussian))),
    }),
  };
}

/** (1 - e^-h) / (2 r), h = log(sigma / next) and r = log(before / sigma) / h (DPM-Solver++, arXiv 2211.01095, Algorithm 2). */
function memoryOf(before: number, sigma: number, next: number): number {
  const h = Math.log(sigma / next);
  const r = Math.log(before / sigma) / h;
  return (1 - next / sigma) / (2 * r);
}
