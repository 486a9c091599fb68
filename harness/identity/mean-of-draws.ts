import type { Params } from './refs.ts';

/** Beside a solver's own parameters in its cells' keys; of single draws, the usual case, it is absent. */
export const MEAN_OF_DRAWS = 'meanOfDraws';

/** The parameters of the method whose result is the pixelwise mean of so many draws of each picture. */
export function withDraws(params: Params, draws: number): Params {
  return draws === 1 ? params : { ...params, [MEAN_OF_DRAWS]: draws };
}

/** How many draws of a picture a method with these parameters takes the mean of. */
export function drawsOf({ [MEAN_OF_DRAWS]: draws }: Params): number {
  return typeof draws === 'number' ? draws : 1;
}

/** What the solver itself is given: the parameters of each draw. */
export function ofOneDraw({ [MEAN_OF_DRAWS]: _, ...params }: Params): Params {
  return params;
}

/** `DPS, mean of 8 draws`. */
export function namedByDraws(title: string, draws: number): string {
  return draws === 1 ? title : `${title}, mean of ${draws} draws`;
}
