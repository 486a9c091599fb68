import {
  type Difference,
  type Estimate,
  estimate,
  pairedDifference,
  type Score,
} from '../../metrics/statistics.ts';

/** Mean of one value a picture, with its 95 % interval. */
export function estimateOf(values: readonly number[]): Estimate {
  return estimate(scoresOf(values));
}

/** Mean of a - b, picture by picture, with its 95 % interval. */
export function differenceOf(a: readonly number[], b: readonly number[]): Difference {
  return pairedDifference(scoresOf(a), scoresOf(b));
}

function scoresOf(values: readonly number[]): Score[] {
  return values.map((value, i) => ({ image: String(i).padStart(6, '0'), seed: 0, value }));
}
