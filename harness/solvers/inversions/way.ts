/** The way of an inversion by DDIM's steps: from the clean end up to the noise, and down again. */
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prior } from '../../priors/prior.ts';
import { type At, type DdimAt, ddim, type Grid, reading } from '../parts/grids.ts';
import type { Predict } from '../parts/guidance.ts';
import { afterInversion, type InvertedAt } from '../parts/inversion.ts';
import type { Run, State, Step, Visit } from '../run.ts';
import type { Remade } from './inversion.ts';
import { walked } from './parameters.ts';

/** Of a leg, whichever way it is walked; the network is told the time of its upper end, `down.t`. */
export interface WayAt extends InvertedAt<DdimAt> {
  /** What predictions at the leg's lower end mean. */
  readonly low: At;
  /** DDIM's step down with the noise e, whatever x_t it was predicted at: signal' (x - noise e) / signal + noise' e. */
  along(x: Tensor, e: Tensor): Tensor;
}

interface Length {
  readonly steps: number;
  readonly strength: number;
}

/** The last legs of a grid, as far as the way goes. */
export function shortened<A>(grid: Grid<A>, length: Length): Grid<A> {
  return { ...grid, legs: grid.legs.slice(-walked(length)) };
}

export function way(prior: Prior, length: Length): Grid<WayAt> {
  const grid = afterInversion(shortened(ddim(prior, { steps: length.steps, eta: 0 }), length));
  return {
    ...grid,
    at(c, gaussian) {
      const at = grid.at(c, gaussian);
      const { down } = at;
      return {
        ...at,
        low: reading(prior, { t: c.t!, signal: c.signalNext!, noise: c.direction! }),
        along: (x, e) => down.ddim(tf.div(tf.sub(x, tf.mul(c.noise!, e)), c.signal!), e),
      };
    },
  };
}

/** One leg: what a method does on it. */
type Leg<S, A> = (s: S, at: Visit<A>) => Promise<S>;

/** Walks a grid that goes up, then down. `noise`: at the last top; `last`: the state at the end. */
export async function walk<S extends State & { readonly z: Tensor }, A>(
  run: Run,
  grid: Grid<A>,
  start: S,
  { up, down }: { readonly up: Leg<S, A>; readonly down: Leg<S, A> },
): Promise<Remade & { readonly last: S }> {
  let s = start;
  let noise: Tensor | undefined;
  for (const at of run.steps(grid)) {
    if (at.next > at.t) {
      noise?.dispose();
      noise = undefined;
      s = await up(s, at);
    } else {
      noise ??= tf.clone(s.z);
      s = await down(s, at);
    }
  }
  return { noise: noise!, z: s.z, last: s };
}

/** What samplers of a way carry: the latents, and the clean estimate that they have come by. */
export type Latents = { readonly z: Tensor; readonly z0: Tensor };

/** DDIM's step down under the prompts c. */
export function descent<S extends Latents>(run: Run, predict: Predict, c: Tensor): Step<S, WayAt, never> {
  return run.step(({ z }: S, { down: at }: WayAt) => {
    const predicted = predict(z, at.t, c);
    const z0 = at.clean(z, predicted);
    return { z: at.ddim(z0, at.noise(z, predicted)), z0 } as Partial<S>;
  });
}

/**
 * DDIM's step up under the prompts c (Song et al., arXiv 2010.02502, section 4.3): the noise of the upper end is taken to be
 * that of the lower one.
 */
export function ascent<S extends Latents>(run: Run, predict: Predict, c: Tensor): Step<S, WayAt, never> {
  return run.step(({ z }: S, { down, low }: WayAt) => {
    const predicted = predict(z, down.t, c);
    const z0 = low.clean(z, predicted);
    return { z: down.noised(z0, low.noise(z, predicted)), z0 } as Partial<S>;
  });
}
