import { gemm, type Matrix } from '../engine/linear-algebra/gemm.ts';
import { singularVectors } from '../engine/linear-algebra/singular-vectors.ts';
import { type FeatureRows, piecesOf } from './feature-matrix.ts';
import { type Gaussian, gaussianOfMoments, squaredDistance, traceOf } from './frechet.ts';
import { centred, type RunningMoments, withRow } from './moments.ts';

/** A set of pictures, and the rows of it that a replicate does without. */
export interface WholeSet {
  readonly features: FeatureRows;
  readonly moments: RunningMoments;
}

/** How a set's Gaussian changes when rows of it go. */
interface Change {
  readonly mean: Float64Array;
  readonly trace: number;
  /** Of the covariance, in balanced coordinates. */
  readonly e: Matrix;
}

/**
 * The Fréchet distance of two sets, and by its second-order expansion that of the same sets without some rows: one
 * decomposition for all of them.
 *
 * With the singular values F1 F2^T = U S V^T of factors of the covariances, K = S^(-1/2) V^T F2 and L = S^(-1/2) U^T F1 are
 * coordinates in which both covariances are S: K C1 K^T = L C2 L^T = S, K L^T = 1 (balanced, as model reduction says: Moore
 * 1981). For small changes E1 and E2 of the covariances, with e1 = K E1 K^T and e2 = L E2 L^T, the square root
 * Z = S + Z1 + Z2 of (S + e1)(S + e2), solved order by order from Z Z, gives
 *
 *     tr (C1 C2)^(1/2) = tr S + tr (e1 + e2) / 2 - sum_ij (e1 - e2)_ij^2 / (4 (s_i + s_j)) + ...
 *
 * The first-order term is that of the optimal transport maps K^T K and L^T L. The mean's part is exact.
 */
export class FrechetExpansion {
  readonly value: number;
  readonly #a: WholeSet;
  readonly #b: WholeSet;
  readonly #traces: number;
  readonly #balanced: Balanced;

  private constructor(a: WholeSet, b: WholeSet, [one, other]: readonly Gaussian[], balanced: Balanced) {
    this.#a = a;
    this.#b = b;
    this.#balanced = balanced;
    this.#traces = one!.trace + other!.trace;
    this.value = squaredDistance(one!.mean, other!.mean) + this.#traces - 2 * sum(balanced.s);
  }

  static async of(a: WholeSet, b: WholeSet): Promise<FrechetExpansion> {
    const one = await gaussianOfMoments(a.moments.moments());
    const other = await gaussianOfMoments(b.moments.moments());
    return new FrechetExpansion(a, b, [one, other], await balance(one.factor, other.factor));
  }

  /** Without these rows of either set. */
  async without(left: { readonly a: readonly number[]; readonly b: readonly number[] }): Promise<number> {
    const { s, k, l } = this.#balanced;
    const one = await change(this.#a, left.a, k, s);
    const other = await change(this.#b, left.b, l, s);
    let [first, second] = [0, 0];
    for (let i = 0, at = 0; i < s.length; i++) {
      first += (one.e.data[at + i]! + other.e.data[at + i]!) / 2;
      for (let j = 0; j < s.length; j++, at++)
        second += (one.e.data[at]! - other.e.data[at]!) ** 2 / (4 * (s[i]! + s[j]!));
    }
    const overlap = sum(s) + first - second;
    return squaredDistance(one.mean, other.mean) + this.#traces + one.trace + other.trace - 2 * overlap;
  }
}

interface Balanced {
  readonly s: Float64Array;
  /** [r,d]: coordinates of the first set's rows, and of the second's. */
  readonly k: Matrix;
  readonly l: Matrix;
}

async function balance(factor1: Matrix, factor2: Matrix): Promise<Balanced> {
  const { values: s, left, right } = await singularVectors(await gemm(factor1, factor2, { transB: true }));
  const roots = s.map((value) => 1 / Math.sqrt(value));
  const scaled = async (vectors: Matrix, factor: Matrix) => scaleRows(await gemm(vectors, factor), roots);
  return { s, k: await scaled(right, factor2), l: await scaled(left, factor1) };
}

async function change(
  { features, moments }: WholeSet,
  left: readonly number[],
  coordinates: Matrix,
  s: Float64Array,
): Promise<Change> {
  const { count, mean, scatter } = moments;
  const r = s.length;
  const stay = count - left.length;
  let gone: Matrix = { rows: r, columns: r, data: new Float64Array(r * r) };
  const total = new Float64Array(mean.length);
  let squares = 0;
  for (const piece of piecesOf(features, left)) {
    const rows = centred(piece, mean);
    for (let i = 0, at = 0; i < rows.rows; i++)
      for (let j = 0; j < mean.length; j++, at++) {
        total[j]! += rows.data[at]!;
        squares += rows.data[at]! ** 2;
      }
    const seen = await gemm(rows, coordinates, { transB: true });
    gone = await gemm(seen, seen, { transA: true, plus: gone });
  }
  // The mean moves: the scatter of what stays loses total total^T / stay, too.
  const { data: along } = await gemm(coordinates, { rows: mean.length, columns: 1, data: total });
  const apart = withRow({ rows: 0, columns: r, data: new Float64Array() }, along, 1 / Math.sqrt(stay));
  gone = await gemm(apart, apart, { transA: true, plus: gone });
  // (count - 1) S is the whole scatter; S of it stays in the covariance, divided by stay - 1 instead.
  for (let i = 0, at = 0; i < r; i++)
    for (let j = 0; j < r; j++, at++)
      gone.data[at] = ((i === j ? left.length * s[i]! : 0) - gone.data[at]!) / (stay - 1);
  const moved = total.reduce((most, value) => most + value * value, 0) / stay;
  const whole = traceOf(scatter);
  return {
    mean: mean.map((value, j) => value - total[j]! / stay),
    trace: (whole - squares - moved) / (stay - 1) - whole / (count - 1),
    e: gone,
  };
}

function scaleRows({ rows, columns, data }: Matrix, factors: Float64Array): Matrix {
  return { rows, columns, data: data.map((value, at) => value * factors[Math.floor(at / columns)]!) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
