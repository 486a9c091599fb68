/**
 * Matrix products in double precision, by ONNX Runtime on the CPU: one-operator models beside the tensor engine, which
 * holds float32.
 */

/** Row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

export interface GemmOptions {
  /** Takes the transpose of the first factor, of the second. */
  readonly transA?: boolean;
  readonly transB?: boolean;
  /** Takes the product's negative. */
  readonly negate?: boolean;
  /** Added to the product. */
  readonly plus?: Matrix;
  /** Where the result goes, rows * columns long; new memory by default. Must not overlap the inputs. */
  readonly into?: Float64Array;
}

/** +-op(a) op(b) + plus. */
export async function gemm(
  a: Matrix,
  b: Matrix,
  { transA = false, transB = false, negate = false, plus, into }: GemmOptions = {},
): Promise<Matrix> {
  const rows = transA ? a.columns : a.rows;
  const columns = transB ? b.rows : b.columns;
  const inner = transA ? a.rows : a.columns;
  if (inner !== (transB ? b.columns : b.rows))
    throw new Error(`gemm: ${inner} columns meet ${transB ? b.columns : b.rows} rows`);
  const data = into ?? new Float64Array(rows * columns);
  const result = { rows, columns, data };
  if (data.length === 0) return result;
  const large = rows * columns * inner > WORTH_THREADS;
  // Whoever only names a metric that multiplies need not load ONNX Runtime.
  const { runGemm } = await import('./gemm-session.ts');
  await runGemm({ transA, transB, negate, adds: plus !== undefined, large }, { a, b, c: plus }, result);
  return result;
}

/** Multiplications from which several threads gain more than they cost to wake. */
const WORTH_THREADS = 1e8;
