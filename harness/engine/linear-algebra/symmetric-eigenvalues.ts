/**
 * Eigenvalues of a large symmetric matrix: blocked Householder reduction to tridiagonal form (Dongarra, Hammarling and
 * Sorensen 1989; LAPACK's dsytrd) with its products in ONNX Runtime, then QL with implicit shifts.
 */
import { gemm, type Matrix } from './gemm.ts';
import { diagonalise } from './tridiagonal.ts';

/** Columns that are reduced before the rest of the matrix is brought up to date. */
export const BLOCK = 16;

/** All eigenvalues of a symmetric matrix, in no order. Its data are overwritten. */
export async function symmetricEigenvalues(matrix: Matrix): Promise<Float64Array> {
  const { diagonal, offDiagonal } = await tridiagonalise(matrix);
  diagonalise(diagonal, offDiagonal);
  return diagonal;
}

/**
 * Reduces a symmetric matrix, whose data are overwritten.
 * @param onPanel is given each panel's reflections v, and the row and column that its first v begins to change from
 */
export async function tridiagonalise(
  matrix: Matrix,
  onPanel: (v: readonly Float64Array[], at: number) => void = () => {},
): Promise<{ diagonal: Float64Array; offDiagonal: Float64Array }> {
  const n = matrix.rows;
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const spare = new Float64Array(n * n);
  let rest = matrix.data;
  for (let at = 0; at < n; at += BLOCK) {
    const size = n - at;
    const panel = await reducePanel({ rows: size, columns: size, data: rest }, diagonal, offDiagonal, at);
    onPanel(panel.v, at);
    if (size > BLOCK) rest = await updateRest(rest, size, panel, spare);
  }
  return { diagonal, offDiagonal };
}

/** Reflections v and their w: the matrix after them is A - V^T W - W^T V, where the rows are the v and w. */
interface Panel {
  readonly v: readonly Float64Array[];
  readonly w: readonly Float64Array[];
}

/** Makes the first columns tridiagonal; the matrix itself stays as it was. */
async function reducePanel(
  matrix: Matrix,
  diagonal: Float64Array,
  offDiagonal: Float64Array,
  at: number,
): Promise<Panel> {
  const { rows: size, data } = matrix;
  const v: Float64Array[] = [];
  const w: Float64Array[] = [];
  for (let j = 0; j < Math.min(BLOCK, size); j++) {
    // Column j as the reflections so far have left it; equal to row j.
    const column = data.slice(j * size, (j + 1) * size);
    for (let i = 0; i < j; i++) {
      addScaled(column, w[i]!, -v[i]![j]!, j);
      addScaled(column, v[i]!, -w[i]![j]!, j);
    }
    diagonal[at + j] = column[j]!;
    if (j + 1 === size) break;
    column.fill(0, 0, j + 1);
    const length = Math.sqrt(dot(column, column, j + 1));
    const target = column[j + 1]! > 0 ? -length : length;
    offDiagonal[at + j] = target;
    // The reflection I - scale v v^T maps the column onto its first entry below the diagonal.
    column[j + 1]! -= target;
    const squares = dot(column, column, j + 1);
    const scale = squares === 0 ? 0 : 2 / squares;
    const { data: p } = await gemm(matrix, { rows: size, columns: 1, data: column });
    for (let i = 0; i < j; i++) {
      const [alongW, alongV] = [dot(w[i]!, column, j + 1), dot(v[i]!, column, j + 1)];
      addScaled(p, v[i]!, -alongW, j + 1);
      addScaled(p, w[i]!, -alongV, j + 1);
    }
    p.fill(0, 0, j + 1);
    const half = (scale * scale * dot(p, column, j + 1)) / 2;
    for (let k = j + 1; k < size; k++) p[k] = scale * p[k]! - half * column[k]!;
    v.push(column);
    w.push(p);
  }
  return { v, w };
}

/** The rows and columns behind the panel, less what its reflections take away. */
async function updateRest(
  data: Float64Array,
  size: number,
  { v, w }: Panel,
  spare: Float64Array,
): Promise<Float64Array> {
  const left = size - BLOCK;
  const behind = spare.subarray(0, left * left);
  for (let i = 0; i < left; i++) {
    const from = (i + BLOCK) * size + BLOCK;
    behind.set(data.subarray(from, from + left), i * left);
  }
  const stack = (first: readonly Float64Array[], second: readonly Float64Array[]): Matrix => {
    const rows = [...first, ...second];
    const stacked = new Float64Array(rows.length * left);
    rows.forEach((row, i) => {
      stacked.set(row.subarray(BLOCK), i * left);
    });
    return { rows: rows.length, columns: left, data: stacked };
  };
  const plus = { rows: left, columns: left, data: behind };
  const into = data.subarray(0, left * left);
  await gemm(stack(v, w), stack(w, v), { transA: true, negate: true, plus, into });
  return into;
}

function addScaled(to: Float64Array, x: Float64Array, factor: number, from: number): void {
  for (let i = from; i < to.length; i++) to[i]! += factor * x[i]!;
}

function dot(a: Float64Array, b: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
