/** Up to here the exact permutation distribution is used. */
const EXACT_LIMIT = 50;

/**
 * Two-sided p value of Wilcoxon's signed-rank test that paired differences are symmetric about zero. Zero differences
 * are dropped; tied magnitudes share their mean rank. Up to 50 differences the sign-flip distribution of the given ranks
 * is enumerated exactly; beyond, the normal approximation with tie correction. No differences: 1.
 */
export function wilcoxonSignedRank(differences: readonly number[]): number {
  const moved = differences.filter((d) => d !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  if (moved.length === 0) return 1;
  const ranks = doubledRanks(moved.map(Math.abs));
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const positive = ranks.reduce((sum, rank, i) => (moved[i]! > 0 ? sum + rank : sum), 0);
  const smaller = Math.min(positive, total - positive);
  if (moved.length > EXACT_LIMIT) {
    const deviation = Math.sqrt(ranks.reduce((sum, rank) => sum + rank * rank, 0)) / 2;
    return 2 * normalTail((total / 2 - smaller) / deviation);
  }
  return Math.min(1, 2 * lowerTail(ranks, smaller));
}

/** Twice the ranks 1..n of ascending values, ties sharing their mean: whole numbers. */
function doubledRanks(ascending: readonly number[]): number[] {
  return ascending.map((value) => ascending.indexOf(value) + 1 + ascending.lastIndexOf(value) + 1);
}

/** Probability that the ranks with a random half of the signs positive add up to `limit` or less. */
function lowerTail(ranks: readonly number[], limit: number): number {
  let probability = new Float64Array(limit + 1);
  probability[0] = 1;
  for (const rank of ranks) {
    probability = probability.map((p, sum) => (p + (sum >= rank ? probability[sum - rank]! : 0)) / 2);
  }
  return probability.reduce((sum, p) => sum + p, 0);
}

/** Upper tail of the standard normal distribution, z >= 0 (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
