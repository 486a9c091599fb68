/** What a number of pictures can tell. The level is 0.05, two-sided, as tables have it. */
import { mean } from './statistics.ts';

/** Fewer pictures give Wilcoxon's signed-rank test no p below 0.05: the least of n is 2^(1 - n), all signs alike. */
export const FEWEST_PICTURES = 6;

/** The least p that differences of so many pictures can have. */
export function leastP(pictures: number): number {
  return Math.min(1, 2 ** (1 - pictures));
}

/** Whether Holm's adjustment over so many comparisons leaves any of them a p below 0.05. */
export function canSeparate(pictures: number, comparisons: number): boolean {
  return leastP(pictures) * comparisons < 0.05;
}

/** Standard normal quantiles at 1 - 0.05 / 2 and at 0.8, the power. */
const [Z_LEVEL, Z_POWER] = [1.959964, 0.841621];

/**
 * How many pictures would separate two methods four times in five, if the differences went on as these: normal
 * approximation of the paired test, n = (z_0.975 + z_0.8)^2 s^2 / d^2 with mean d and sample deviation s (Chow, Shao, Wang
 * and Lokhnygina, Sample Size Calculations in Clinical Research, 3rd ed., section 3.1), never fewer than the signed-rank
 * test needs. null where nothing is to be had from the differences: fewer than two, or a mean of zero.
 */
export function picturesToSeparate(differences: readonly number[]): number | null {
  const centre = mean(differences);
  if (differences.length < 2 || centre === 0 || !differences.every(Number.isFinite)) return null;
  const squares = differences.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const variance = squares / (differences.length - 1);
  const pictures = Math.ceil(((Z_LEVEL + Z_POWER) ** 2 * variance) / centre ** 2);
  return Math.max(FEWEST_PICTURES, pictures);
}
