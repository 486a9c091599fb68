import { type Tensor, tf } from '../../engine/tf.ts';
import type { Leg } from '../../priors/schedule.ts';
import type { DdimAt, Grid } from './grids.ts';

/** Of a grid that is walked up first. */
export interface InvertedAt<A extends DdimAt> {
  /** What a step down may do on the leg. */
  readonly down: A;
  /** The x at the leg's upper end of which DDIM's step with the noise e makes x: signal (x - noise' e) / signal' + noise e. */
  up(x: Tensor, e: Tensor): Tensor;
}

const isUp = ({ t, next }: Leg) => next > t;

/** The grid from the clean end up all its legs, then down again. On both ways a leg has the coefficients of its step down. */
export function upThenDown<A>(grid: Grid<A>): Grid<A> {
  const turned = ({ t, next }: Leg): Leg => ({ t: next, next: t });
  return {
    ...grid,
    legs: [...grid.legs.map(turned).reverse(), ...grid.legs],
    coefficients: (legs) => grid.coefficients(legs.map((leg) => (isUp(leg) ? turned(leg) : leg))),
  };
}

/**
 * The grid after its own DDIM inversion (Song et al., arXiv 2010.02502, section 4.3). On the way up too the network is told
 * the time of a leg's upper end. Deterministic grids only.
 */
export function afterInversion<A extends DdimAt>(grid: Grid<A>): Grid<InvertedAt<A>> {
  return {
    ...upThenDown(grid),
    at(c, gaussian) {
      const down = grid.at(c, gaussian);
      return {
        down,
        up: (x, e) => down.noised(tf.div(tf.sub(x, tf.mul(c.direction!, e)), c.signalNext!), e),
      };
    },
  };
}
