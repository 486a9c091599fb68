import { gemm, type Matrix } from './gemm.ts';
import { secularRoots } from './secular-equation.ts';
import { diagonalise } from './tridiagonal.ts';

/** Eigenvalues of a symmetric matrix [n,n], in no order, and its orthonormal eigenvectors. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** [n,n], one a row. */
  readonly vectors: Matrix;
}

/** Up to this size QL with its rotations. */
const LEAF = 32;

/**
 * Of the symmetric tridiagonal matrix of a diagonal and an off-diagonal, which are overwritten, by divide and conquer (Cuppen
 * 1981; Gu and Eisenstat, SIAM J. Matrix Anal. Appl. 1995; LAPACK's dstedc): two halves that are joined by a matrix of rank one, and
 * nearly all work is a product a level.
 */
export async function tridiagonalEigen(d: Float64Array, e: Float64Array): Promise<SymmetricEigen> {
  const n = d.length;
  if (n <= LEAF) return byRotations(d, e);
  const middle = n >> 1;
  const coupling = e[middle - 1]!;
  d[middle - 1]! -= Math.abs(coupling);
  d[middle]! -= Math.abs(coupling);
  const upper = await tridiagonalEigen(d.subarray(0, middle), e.subarray(0, middle));
  const lower = await tridiagonalEigen(d.subarray(middle), e.subarray(middle));
  return joined(upper, lower, coupling);
}

function byRotations(d: Float64Array, e: Float64Array): SymmetricEigen {
  const n = d.length;
  const data = new Float64Array(n * n);
  for (let i = 0; i < n; i++) data[i * n + i] = 1;
  diagonalise(d, e, (i, cosine, sine) => rotate(data, n, i, i + 1, cosine, -sine));
  return { values: d, vectors: { rows: n, columns: n, data } };
}

/** The eigenvectors of both halves, one a row, and D + rho z z^T, which is left to be solved in their basis. */
interface RankOne {
  readonly d: Float64Array;
  readonly z: Float64Array;
  readonly rho: number;
  readonly basis: Matrix;
}

async function joined(
  upper: SymmetricEigen,
  lower: SymmetricEigen,
  coupling: number,
): Promise<SymmetricEigen> {
  const problem = asRankOne(upper, lower, coupling);
  const { d, z, rho, basis } = problem;
  const n = d.length;
  const { kept, settled } = deflate(problem);
  const k = kept.length;
  const pick = (all: Float64Array) => Float64Array.from(kept, (i) => all[i]!);
  const weights = pick(z).map((value) => rho * value * value);
  const { roots, gaps } = secularRoots(pick(d), weights);
  vectorsFromGaps(pick(d), pick(z), gaps);
  const values = new Float64Array(n);
  values.set(roots);
  const data = new Float64Array(n * n);
  const rows = rowsOf(basis, kept);
  await gemm({ rows: k, columns: k, data: gaps }, rows, { into: data.subarray(0, k * n) });
  for (const [at, i] of settled.entries()) {
    values[k + at] = d[i]!;
    data.set(basis.data.subarray(i * n, (i + 1) * n), (k + at) * n);
  }
  return { values, vectors: { rows: n, columns: n, data } };
}

/** With both eigenvalues and rows in increasing order; |z| = 1. */
function asRankOne(upper: SymmetricEigen, lower: SymmetricEigen, coupling: number): RankOne {
  const [n1, n2] = [upper.values.length, lower.values.length];
  const n = n1 + n2;
  const values = [...upper.values, ...lower.values];
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const basis: Matrix = { rows: n, columns: n, data: new Float64Array(n * n) };
  const z = new Float64Array(n);
  const sign = Math.SQRT1_2 * (coupling < 0 ? -1 : 1);
  for (const [at, i] of order.entries()) {
    if (i < n1) {
      const row = upper.vectors.data.subarray(i * n1, (i + 1) * n1);
      basis.data.set(row, at * n);
      z[at] = Math.SQRT1_2 * row[n1 - 1]!;
    } else {
      const row = lower.vectors.data.subarray((i - n1) * n2, (i - n1 + 1) * n2);
      basis.data.set(row, at * n + n1);
      z[at] = sign * row[0]!;
    }
  }
  return { d: Float64Array.from(order, (i) => values[i]!), z, rho: 2 * Math.abs(coupling), basis };
}

/**
 * What rounding cannot tell from a solution: eigenvalues that the rank-one part does not move, and one of two that are the same,
 * after a rotation that takes its z away. The others have different d, increasing, and z that count.
 */
function deflate({ d, z, rho, basis }: RankOne): { kept: number[]; settled: number[] } {
  const n = d.length;
  const least = 8 * Number.EPSILON * Math.max(rho, Math.abs(d[0]!), Math.abs(d[n - 1]!));
  const [kept, settled]: [number[], number[]] = [[], []];
  let before: number | undefined;
  for (let i = 0; i < n; i++) {
    if (rho * Math.abs(z[i]!) <= least) {
      settled.push(i);
      continue;
    }
    if (before !== undefined) {
      const length = Math.hypot(z[i]!, z[before]!);
      const [cosine, sine] = [z[i]! / length, z[before]! / length];
      const apart = d[i]! - d[before]!;
      if (Math.abs(apart * cosine * sine) <= least) {
        z[i] = length;
        rotate(basis.data, n, before, i, cosine, -sine);
        const [low, high] = [d[before]!, d[i]!];
        d[before] = low * cosine ** 2 + high * sine ** 2;
        d[i] = low * sine ** 2 + high * cosine ** 2;
        settled.push(before);
      } else {
        kept.push(before);
      }
    }
    before = i;
  }
  if (before !== undefined) kept.push(before);
  return { kept, settled };
}

/**
 * Turns gaps d_i - (root j) into orthonormal eigenvectors, one a row j: of the z whose roots these are to the last digit (Löwner), so
 * that they are orthogonal however near the roots lie to each other.
 */
function vectorsFromGaps(d: Float64Array, z: Float64Array, gaps: Float64Array): void {
  const k = d.length;
  const squares = new Float64Array(k).fill(1);
  for (let j = 0; j < k; j++)
    for (let i = 0; i < k; i++)
      squares[i]! *= i === j ? -gaps[j * k + i]! : gaps[j * k + i]! / (d[i]! - d[j]!);
  const exact = squares.map((square, i) => Math.sign(z[i]!) * Math.sqrt(square));
  for (let j = 0; j < k; j++) {
    const row = gaps.subarray(j * k, (j + 1) * k);
    let sum = 0;
    for (let i = 0; i < k; i++) {
      row[i] = exact[i]! / row[i]!;
      sum += row[i]! ** 2;
    }
    const scale = 1 / Math.sqrt(sum);
    for (let i = 0; i < k; i++) row[i]! *= scale;
  }
}

function rowsOf({ columns, data }: Matrix, rows: readonly number[]): Matrix {
  const picked = new Float64Array(rows.length * columns);
  for (const [at, row] of rows.entries())
    picked.set(data.subarray(row * columns, (row + 1) * columns), at * columns);
  return { rows: rows.length, columns, data: picked };
}

/** first' = cosine first + sine second, second' = cosine second - sine first, of two rows of n. */
function rotate(data: Float64Array, n: number, first: number, second: number, cosine: number, sine: number) {
  const [a, b] = [first * n, second * n];
  for (let k = 0; k < n; k++) {
    const [x, y] = [data[a + k]!, data[b + k]!];
    data[a + k] = cosine * x + sine * y;
    data[b + k] = cosine * y - sine * x;
  }
}
