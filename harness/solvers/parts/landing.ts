import { type Tensor, tf } from '../../engine/tf.ts';
import type { Prior } from '../../priors/prior.ts';
import { type At, type Grid, reading } from './grids.ts';

/** Of a leg: where it lands, and its noise. For methods that mix estimate and noise component by component themselves. */
export interface LandingAt extends At {
  /** x_t' = signal' x_0 + noise' e where the leg lands; scalars. */
  readonly next: { readonly signal: Tensor; readonly noise: Tensor };
  /** Fresh standard normal noise, shaped like x. */
  fresh(x: Tensor): Tensor;
  /** x_0 noised anew to where the leg ends: signal' x_0 + noise' n; of legs that go up (travel in time). */
  renoise(x0: Tensor): Tensor;
}

/** The model's own grid of N steps; each leg that does not land on the clean end draws noise. */
export function landing(prior: Prior, N: number): Grid<LandingAt> {
  const { schedule, shape } = prior;
  return {
    legs: schedule.legs(N),
    shape,
    coefficients: (legs) =>
      legs.map(({ t, next }) => {
        const { signal: signalNext, noise: noiseNext } = schedule.level(next);
        return { t, ...schedule.level(t), signalNext, noiseNext, fresh: noiseNext };
      }),
    at(c, gaussian) {
      const next = { signal: c.signalNext!, noise: c.noiseNext! };
      // A grid of which no leg adds noise has a number in place of its noise.
      const fresh = (x: Tensor) => (gaussian.rank === 0 ? tf.zerosLike(x) : gaussian);
      return {
        ...reading(prior, c),
        next,
        fresh,
        renoise: (x0) => tf.add(tf.mul(next.signal, x0), tf.mul(next.noise, fresh(x0))),
      };
    },
  };
}
