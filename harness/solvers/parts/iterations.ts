import type { Grid } from './grids.ts';

/** `count` iterations of a method that knows no noise levels. */
export function iterations(count: number): Grid<object> {
  return {
    legs: Array.from({ length: count }, (_, i) => ({ t: count - 1 - i, next: count - 2 - i })),
    shape: [],
    coefficients: (legs) => legs.map(({ t }) => ({ t, fresh: 0 })),
    at: () => ({}),
  };
}
