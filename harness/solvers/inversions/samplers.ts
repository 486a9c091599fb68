/** Samplers that an inversion can turn round, with the noise that they add known beforehand: deterministic DDIM, ancestral Euler. */
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prediction, Prior } from '../../priors/prior.ts';
import { type Grid, reading } from '../parts/grids.ts';
import { upThenDown } from '../parts/inversion.ts';
import type { Run, Visit } from '../run.ts';
import { shortened, way } from './way.ts';

/** Of a leg, whichever way it is walked. `n`: the noise that its step down adds; without meaning where it adds none. */
export interface TurnedAt {
  /** What the network is told, on both ways. */
  readonly t: Tensor;
  /** x at the upper end, as the network is shown it. */
  shown(x: Tensor): Tensor;
  /** The noise in it that a prediction means. */
  noise(x: Tensor, predicted: Prediction): Tensor;
  /** The step down of x by the noise e. */
  down(x: Tensor, e: Tensor, n: Tensor): Tensor;
  /** The x at the upper end that the step down takes to `lower`. */
  up(lower: Tensor, e: Tensor, n: Tensor): Tensor;
  /** z0 noised to the upper end. */
  noised(z0: Tensor, n: Tensor): Tensor;
  /** How far x is from z0 at the upper end, in standard deviations of the noise. */
  deviation(x: Tensor, z0: Tensor): Tensor;
  /** The n of which the step down takes x to `lower`, of steps that add noise. */
  added(x: Tensor, e: Tensor, lower: Tensor): Tensor;
}

/** A sampler over its way up and down. */
export interface Turned {
  readonly grid: Grid<TurnedAt>;
  /** By legs down, from the top; null where a step adds none. */
  readonly noises: (Tensor | null)[];
}

interface Length {
  readonly steps: number;
  readonly strength: number;
}

const turned: {
  readonly [name in 'ddim' | 'euler-ancestral']: (prior: Prior, length: Length, run: Run) => Turned;
} = {
  ddim(prior, length) {
    const grid = way(prior, length);
    return {
      grid: {
        ...grid,
        at(c, gaussian) {
          const { down, up, along } = grid.at(c, gaussian);
          return {
            t: down.t,
            shown: (x) => x,
            noise: down.noise,
            down: along,
            up,
            noised: down.noised,
            deviation: down.noiseOf,
            added: () => {
              throw new Error("DDIM's steps add no noise");
            },
          };
        },
      },
      noises: grid.legs.slice(grid.legs.length / 2).map(() => null),
    };
  },
  'euler-ancestral'(prior, length, run) {
    const down = shortened(eulerAncestral(prior, length.steps), length);
    const noises = down.legs.map(({ next }) => (next < 0 ? null : run.normal('step', prior.shape)));
    return { grid: upThenDown(down), noises };
  },
};

export const SAMPLERS = ['ddim', 'euler-ancestral'] as const;

export function turn(sampler: (typeof SAMPLERS)[number], prior: Prior, length: Length, run: Run): Turned {
  return turned[sampler](prior, length, run);
}

/** A copy of the noise of the leg that is walked, 0 where there is none. */
export function noiseOf({ noises }: Turned, at: Visit<TurnedAt>): Tensor {
  const noise = noises[legOf(noises.length, at)];
  return noise ? tf.clone(noise) : tf.scalar(0);
}

/** The place of a leg among those down, counted from the top. */
export function legOf(legs: number, { n, t, next }: Visit<unknown>): number {
  return next > t ? n - legs - 1 : legs - n;
}

/**
 * Ancestral sampling by Euler's steps (Karras et al., arXiv 2206.00364, as k-diffusion has it), on z = x / signal, whose noise
 * has the level sigma = noise / signal: of the variance where a step lands, sigma', the share that is new is as in DDPM.
 */
function eulerAncestral(prior: Prior, steps: number): Grid<TurnedAt> {
  const { schedule, shape } = prior;
  const sigmaAt = (t: number) => (t < 0 ? 0 : schedule.level(t).noise / schedule.level(t).signal);
  return {
    legs: schedule.legs(steps),
    shape,
    coefficients: (legs) =>
      legs.map(({ t, next }) => {
        const [sigma, then] = [sigmaAt(t), sigmaAt(next)];
        const added = then * Math.sqrt(1 - (then / sigma) ** 2);
        return { t, ...schedule.level(t), sigma, moves: then ** 2 / sigma - sigma, added, fresh: 0 };
      }),
    at(c) {
      const read = reading(prior, c);
      const shown = (z: Tensor) => tf.mul(c.signal!, z);
      const euler = (z: Tensor, e: Tensor) => tf.add(z, tf.mul(c.moves!, e));
      return {
        t: read.t,
        shown,
        noise: (z, predicted) => read.noise(shown(z), predicted),
        down: (z, e, n) => tf.add(euler(z, e), tf.mul(c.added!, n)),
        up: (lower, e, n) => tf.sub(tf.sub(lower, tf.mul(c.moves!, e)), tf.mul(c.added!, n)),
        noised: (z0, n) => tf.add(z0, tf.mul(c.sigma!, n)),
        deviation: (z, z0) => tf.div(tf.sub(z, z0), c.sigma!),
        added: (z, e, lower) => tf.div(tf.sub(lower, euler(z, e)), c.added!),
      };
    },
  };
}
