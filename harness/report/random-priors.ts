import { hasRandomWeights } from '../identity/random-weights.ts';
import type { ReportSource } from './source.ts';

/** What the experiment calls those of its priors whose weights were drawn at random. */
export function randomPriors({ methods }: Pick<ReportSource, 'methods'>): string[] {
  const random = methods.filter(({ prior }) => prior !== null && hasRandomWeights(prior));
  return [...new Set(random.flatMap(({ priorName }) => priorName ?? []))];
}
