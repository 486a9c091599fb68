import type { Tensor } from '../../engine/tf.ts';
import type { Prior } from '../../priors/prior.ts';
import type { Grid } from './grids.ts';

/** A level as scalars of a compiled step: x = signal x_0 + noise e. */
interface LevelAt {
  readonly signal: Tensor;
  readonly noise: Tensor;
}

/** The levels that a leg starts from and lands on, for steps whose weights depend on them. */
export interface Levels {
  readonly from: LevelAt;
  readonly to: LevelAt;
}

/** The grid, and the levels of its legs beside it. */
export function withLevels<At>({ schedule }: Prior, grid: Grid<At>): Grid<At & Levels> {
  return {
    ...grid,
    coefficients: (legs) =>
      grid.coefficients(legs).map((coefficients, i) => {
        const { t, next } = legs[i]!;
        const [from, to] = [schedule.level(t), schedule.level(next)];
        return {
          ...coefficients,
          fromSignal: from.signal,
          fromNoise: from.noise,
          toSignal: to.signal,
          toNoise: to.noise,
        };
      }),
    at: (c, gaussian) => ({
      ...grid.at(c, gaussian),
      from: { signal: c.fromSignal!, noise: c.fromNoise! },
      to: { signal: c.toSignal!, noise: c.toNoise! },
    }),
  };
}
