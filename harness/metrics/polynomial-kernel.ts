import { gemm, type Matrix } from '../engine/linear-algebra/gemm.ts';
import type { FeatureMatrix } from './feature-matrix.ts';

/** k(x, y) = (gamma x.y + coef0)^degree. */
export interface PolynomialKernel {
  readonly degree: number;
  /** null: one over the number of features. */
  readonly gamma: number | null;
  readonly coef0: number;
}

/** Sums of a kernel over all pairs of rows of two sets, and over the pairs of a row with itself. */
export interface KernelSums {
  readonly xx: number;
  readonly xxDiagonal: number;
  readonly yy: number;
  readonly yyDiagonal: number;
  readonly xy: number;
  /** FeatureMatrix of the first set, and of the second. */
  readonly m: number;
  readonly n: number;
}

/**
 * Squared maximum mean discrepancy: the unbiased estimator leaves out the pairs of a row with itself (Gretton et al.
 * 2012, A kernel two-sample test, lemma 6), the biased one takes all (equation 5).
 */
export function mmd2({ xx, xxDiagonal, yy, yyDiagonal, xy, m, n }: KernelSums, unbiased = true): number {
  const cross = (2 * xy) / (m * n);
  if (!unbiased) return xx / (m * m) + yy / (n * n) - cross;
  return (xx - xxDiagonal) / (m * (m - 1)) + (yy - yyDiagonal) / (n * (n - 1)) - cross;
}

/** FeatureMatrix with a number each, 0 .. groups - 1, by which they can be left out together. */
export interface GroupedRows {
  readonly rows: FeatureMatrix;
  readonly groupOf: Int32Array;
}

/** Sums over all rows, and over the rows outside each group, from one pass over all pairs. */
export interface GroupedSums {
  readonly all: KernelSums;
  without(group: number): KernelSums;
}

export async function kernelSums(
  x: FeatureMatrix,
  y: FeatureMatrix,
  kernel: PolynomialKernel,
): Promise<KernelSums> {
  const one = (rows: FeatureMatrix): GroupedRows => ({ rows, groupOf: new Int32Array(rows.rows) });
  return (await groupedKernelSums(one(x), one(y), 1, kernel)).all;
}

export async function groupedKernelSums(
  x: GroupedRows,
  y: GroupedRows,
  groups: number,
  kernel: PolynomialKernel,
): Promise<GroupedSums> {
  const [xx, yy, xy] = [
    await pairSums(x, x, groups, kernel),
    await pairSums(y, y, groups, kernel),
    await pairSums(x, y, groups, kernel),
  ];
  const [xSelf, ySelf] = [selfSums(x, groups, kernel), selfSums(y, groups, kernel)];
  const [m, n] = [counts(x, groups), counts(y, groups)];
  return {
    all: {
      xx: sum(xx),
      xxDiagonal: sum(xSelf),
      yy: sum(yy),
      yyDiagonal: sum(ySelf),
      xy: sum(xy),
      m: sum(m),
      n: sum(n),
    },
    without: (group) => ({
      xx: sumOutside(xx, groups, group),
      xxDiagonal: sum(xSelf) - xSelf[group]!,
      yy: sumOutside(yy, groups, group),
      yyDiagonal: sum(ySelf) - ySelf[group]!,
      xy: sumOutside(xy, groups, group),
      m: sum(m) - m[group]!,
      n: sum(n) - n[group]!,
    }),
  };
}

/** FeatureMatrix of the first set that meet all of the second at a time. */
const CHUNK = 512;

/** Sum of the kernel over the pairs of each two groups [groups, groups]. */
async function pairSums(
  x: GroupedRows,
  y: GroupedRows,
  groups: number,
  kernel: PolynomialKernel,
): Promise<Float64Array> {
  const sums = new Float64Array(groups * groups);
  const others = widened(y.rows, 0, y.rows.rows);
  for (let start = 0; start < x.rows.rows; start += CHUNK) {
    const part = widened(x.rows, start, Math.min(x.rows.rows, start + CHUNK));
    const { data } = await gemm(part, others, { transB: true });
    const value = kernelOf(kernel, part.columns);
    for (let i = 0, at = 0; i < part.rows; i++) {
      const row = x.groupOf[start + i]! * groups;
      for (let j = 0; j < others.rows; j++) sums[row + y.groupOf[j]!]! += value(data[at++]!);
    }
  }
  return sums;
}

/** Sum over each group of the kernel of a row with itself. */
function selfSums({ rows, groupOf }: GroupedRows, groups: number, kernel: PolynomialKernel): Float64Array {
  const sums = new Float64Array(groups);
  const value = kernelOf(kernel, rows.columns);
  for (let i = 0; i < rows.rows; i++) {
    let product = 0;
    for (let j = 0; j < rows.columns; j++) product += rows.data[i * rows.columns + j]! ** 2;
    sums[groupOf[i]!]! += value(product);
  }
  return sums;
}

function kernelOf({ degree, gamma, coef0 }: PolynomialKernel, features: number): (product: number) => number {
  const factor = gamma ?? 1 / features;
  return (product) => (factor * product + coef0) ** degree;
}

function counts({ groupOf }: GroupedRows, groups: number): Float64Array {
  const result = new Float64Array(groups);
  for (const group of groupOf) result[group]!++;
  return result;
}

/** Sum of a [groups, groups] array without a row and a column. */
function sumOutside(sums: Float64Array, groups: number, left: number): number {
  return sums.reduce(
    (total, v, i) => (Math.floor(i / groups) === left || i % groups === left ? total : total + v),
    0,
  );
}

function widened({ columns, data }: FeatureMatrix, start: number, end: number): Matrix {
  return {
    rows: end - start,
    columns,
    data: Float64Array.from(data.subarray(start * columns, end * columns)),
  };
}

function sum(values: Float64Array): number {
  return values.reduce((total, v) => total + v, 0);
}
