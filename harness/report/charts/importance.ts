import { groupBy } from '../../group-by.ts';
import { formatParam } from '../../identity/param-text.ts';
import type { Params } from '../../identity/refs.ts';
import { mean } from '../../metrics/statistics.ts';

/** A setting and the mean of the metric that it reached. */
export interface Tried {
  readonly params: Params;
  readonly mean: number;
}

/**
 * Part of the variance among a grid's settings that one parameter alone explains: the variance of the means at each of
 * its values, weighted by their numbers, over the variance of all (the main effect of a functional ANOVA; Hutter, Hoos and
 * Leyton-Brown 2014, equation 5, with the settings themselves in the place of a model). On a full grid the parts and the
 * interactions add up to 1. NaN where all settings are equal.
 */
export function importance(tried: readonly Tried[], param: string): number {
  const all = mean(tried.map((one) => one.mean));
  const groups = [...groupBy(tried, ({ params }) => formatParam(params[param])).values()];
  const between = groups.reduce((sum, group) => {
    return sum + group.length * (mean(group.map((one) => one.mean)) - all) ** 2;
  }, 0);
  return between / tried.reduce((sum, one) => sum + (one.mean - all) ** 2, 0);
}

/** Whether every combination of the parameters' values was tried equally often: only then do effects not mix. */
export function isFullGrid(tried: readonly Tried[], params: readonly string[]): boolean {
  const valueAt = ({ params: own }: Tried, param: string) => formatParam(own[param]);
  const combinations = groupBy(tried, (one) => JSON.stringify(params.map((param) => valueAt(one, param))));
  const possible = params.reduce(
    (product, param) => product * new Set(tried.map((one) => valueAt(one, param))).size,
    1,
  );
  const sizes = new Set([...combinations.values()].map(({ length }) => length));
  return combinations.size === possible && sizes.size === 1;
}
