import { gemm, type Matrix } from '../engine/linear-algebra/gemm.ts';
import { type FeatureMatrix, type FeatureRows, inMemory, piecesOf } from './feature-matrix.ts';

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
  /** Rows of the first set, and of the second. */
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

/** Rows with a number each, 0 .. groups - 1, by which they can be left out together. */
export interface GroupedRows {
  readonly rows: FeatureRows;
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
  const one = (rows: FeatureMatrix): GroupedRows => ({
    rows: inMemory(rows),
    groupOf: new Int32Array(rows.rows),
  });
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

/** Rows of either set that are in memory at once: 64 MiB of Inception's features in double precision. */
export const TILE = 4096;
/** Those of the first set that meet a tile of the second at a time. */
const CHUNK = 512;

/**
 * Sum of the kernel over the pairs of each two groups [groups, groups], a tile of rows against another. A set against
 * itself is half the work: k(x, y) = k(y, x).
 */
async function pairSums(
  x: GroupedRows,
  y: GroupedRows,
  groups: number,
  kernel: PolynomialKernel,
): Promise<Float64Array> {
  const sums = new Float64Array(groups * groups);
  const value = kernelOf(kernel, x.rows.columns);
  for (const [start, tile] of tilesOf(x.rows)) {
    for (const [other, others] of tilesOf(y.rows, x === y ? start : 0)) {
      const twice = x === y && other > start;
      for (let from = 0; from < tile.rows; from += CHUNK) {
        const part = rowsFrom(tile, from, Math.min(tile.rows, from + CHUNK));
        const { data } = await gemm(part, others, { transB: true });
        for (let i = 0, at = 0; i < part.rows; i++) {
          const group = x.groupOf[start + from + i]!;
          for (let j = 0; j < others.rows; j++) {
            const of = y.groupOf[other + j]!;
            const k = value(data[at++]!);
            sums[group * groups + of]! += k;
            if (twice) sums[of * groups + group]! += k;
          }
        }
      }
    }
  }
  return sums;
}

/** Tiles in double precision, with the number of their first row. */
function* tilesOf(rows: FeatureRows, first = 0): Generator<[start: number, tile: Matrix]> {
  for (let start = first; start < rows.rows; start += TILE) {
    const count = Math.min(TILE, rows.rows - start);
    yield [start, widened(rows.read(Array.from({ length: count }, (_, i) => start + i)))];
  }
}

/** Sum over each group of the kernel of a row with itself. */
function selfSums({ rows, groupOf }: GroupedRows, groups: number, kernel: PolynomialKernel): Float64Array {
  const sums = new Float64Array(groups);
  const value = kernelOf(kernel, rows.columns);
  let row = 0;
  for (const { rows: count, columns, data } of piecesOf(rows))
    for (let i = 0; i < count; i++) {
      let product = 0;
      for (let j = 0; j < columns; j++) product += data[i * columns + j]! ** 2;
      sums[groupOf[row++]!]! += value(product);
    }
  return sums;
}

function kernelOf({ degree, gamma, coef0 }: PolynomialKernel, features: number): (product: number) => number {
  const factor = gamma ?? 1 / features;
  if (degree !== 3) return (product) => (factor * product + coef0) ** degree;
  // The usual degree, without the time of a power.
  return (product) => {
    const base = factor * product + coef0;
    return base * base * base;
  };
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

function widened({ rows, columns, data }: FeatureMatrix): Matrix {
  return { rows, columns, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}

/** A part of a matrix, in the same memory. */
function rowsFrom({ columns, data }: Matrix, start: number, end: number): Matrix {
  return { rows: end - start, columns, data: data.subarray(start * columns, end * columns) };
}

function sum(values: Float64Array): number {
  return values.reduce((total, v) => total + v, 0);
}
