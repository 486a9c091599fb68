import type { Prior } from '../../priors/prior.ts';
import type { Leg } from '../../priors/schedule.ts';
import type { DdimAt, Grid } from './grids.ts';

/**
 * A deterministic grid after DDIM inversion as diffusers 0.16 steps it: clean latents count as those of the grid's cleanest
 * time, from which the walk goes up to the noisiest, then down. On the way up the network is told the time of a leg's lower end.
 */
export function afterLowerInversion({ schedule }: Prior, grid: Grid<DdimAt>): Grid<DdimAt> {
  const up = grid.legs
    .slice(0, -1)
    .reverse()
    .map(({ t, next }): Leg => ({ t: next, next: t }));
  return {
    ...grid,
    legs: [...up, ...grid.legs],
    coefficients: (legs) =>
      grid.coefficients(legs).map((coefficients, i) => {
        const { t, next } = legs[i]!;
        // Of legs that go up a grid renoises; here the predicted noise is kept.
        return next > t ? { ...coefficients, direction: schedule.level(next).noise, fresh: 0 } : coefficients;
      }),
  };
}
