/**
 * The eigenvalues of diag(d) + rho z z^T, rho > 0, d increasing and no z_i zero, are the roots of
 * 1 + rho sum_i z_i^2 / (d_i - x) = 0: one above each d_i and below the next, the last at most rho |z|^2 above the last d_i.
 */

/** Roots one by one: row j of `gaps` [k,k] holds d_i - (root j), which are exact where root and d_i are next to each other. */
export interface SecularRoots {
  readonly roots: Float64Array;
  readonly gaps: Float64Array;
}

/** @param weights rho z_i^2 */
export function secularRoots(d: Float64Array, weights: Float64Array): SecularRoots {
  const k = d.length;
  const roots = new Float64Array(k);
  const gaps = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    const row = gaps.subarray(j * k, (j + 1) * k);
    const { origin, step } = rootAbove(j, d, weights, row);
    for (let i = 0; i < k; i++) row[i] = d[i]! - d[origin]! - step;
    roots[j] = d[origin]! + step;
  }
  return { roots, gaps };
}

/** Far above what the iteration takes; each fourth halves the bracket. */
const MOST_ITERATIONS = 400;

/**
 * The root above d_j as `step` from the nearer end of its interval: as a difference it keeps its digits (Li 1993, LAPACK working
 * note 89, whose "middle way" this is: in each step f is replaced by c + p / (d_j - x) + q / (d_j+1 - x)).
 * @param from scratch, as long as d
 */
function rootAbove(j: number, d: Float64Array, weights: Float64Array, from: Float64Array) {
  const k = d.length;
  const isLast = j === k - 1;
  const width = isLast ? weights.reduce((sum, w) => sum + w, 0) : d[j + 1]! - d[j]!;
  const distancesFrom = (origin: number) => {
    for (let i = 0; i < k; i++) from[i] = d[i]! - d[origin]!;
  };
  distancesFrom(j);
  const half = width / 2;
  const isLow = isLast || evaluate(from, weights, j, half).f >= 0;
  const origin = isLow ? j : j + 1;
  if (!isLow) distancesFrom(origin);
  let [low, high] = isLast ? [0, width] : isLow ? [0, half] : [-half, 0];
  let step = isLow ? half : -half;
  for (let iteration = 1; iteration < MOST_ITERATIONS; iteration++) {
    const { f, below, above, error } = evaluate(from, weights, j, step);
    if (Math.abs(f) <= error) break;
    if (f < 0) low = step;
    else high = step;
    const left = from[j]! - step;
    const guess = isLast
      ? from[j]! + (left * left * below) / (f - left * below)
      : step + middleWay(f, below, above, left, from[j + 1]! - step);
    const next = iteration % 4 !== 0 && guess > low && guess < high ? guess : low + (high - low) / 2;
    if (next === low || next === high) break;
    step = next;
  }
  return { origin, step };
}

/** f = 1 + sum weights_i / (from_i - x), its slope by the poles up to j and by those above, and what rounding makes of f. */
function evaluate(from: Float64Array, weights: Float64Array, j: number, x: number) {
  let [negative, below, positive, above] = [0, 0, 0, 0];
  for (let i = 0; i <= j; i++) {
    const gap = 1 / (from[i]! - x);
    const term = weights[i]! * gap;
    negative += term;
    below += term * gap;
  }
  for (let i = j + 1; i < from.length; i++) {
    const gap = 1 / (from[i]! - x);
    const term = weights[i]! * gap;
    positive += term;
    above += term * gap;
  }
  const error = Number.EPSILON * (8 * (1 + positive - negative) + Math.abs(x) * (below + above));
  return { f: 1 + negative + positive, below, above, error };
}

/** How far to go from where f and its slopes were found; `left` and `right` are the distances of both poles. */
function middleWay(f: number, below: number, above: number, left: number, right: number): number {
  const a = (left + right) * f - left * right * (below + above);
  const b = left * right * f;
  const c = f - left * below - right * above;
  const root = Math.sqrt(Math.max(0, a * a - 4 * b * c));
  return a <= 0 ? (a - root) / (2 * c) : (2 * b) / (a + root);
}
