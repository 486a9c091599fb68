/**
 * Eigen-decomposition of a symmetric matrix: Householder reduction to tridiagonal form, then the QL algorithm with
 * implicit shifts (Golub and Van Loan, Matrix Computations, section 8.3; Wilkinson and Reinsch's tred2 and tql2).
 */
import { type Matrix, transpose } from './matrix.ts';

/** M = V diag(values) V^T. */
export interface Eigen {
  /** In no order. */
  values: Float64Array;
  /** The columns are the eigenvectors. */
  vectors: Matrix;
}

export function symmetricEigen(matrix: Matrix): Eigen {
  const { diagonal, offDiagonal, basis } = tridiagonal(matrix);
  diagonalise(diagonal, offDiagonal, basis);
  const n = matrix.rows;
  return { values: diagonal, vectors: transpose({ rows: n, columns: n, data: basis }) };
}

/** T = B M B^T with B orthonormal; B's rows lie in memory one after the other, as do all loops over them. */
function tridiagonal({ rows: n, data }: Matrix) {
  const a = data.slice();
  const basis = new Float64Array(n * n);
  for (let i = 0; i < n; i++) basis[i * n + i] = 1;
  for (let k = 0; k + 2 < n; k++) {
    const first = k + 1;
    // The reflection I - 2 v v^T / |v|^2 maps row k, right of the diagonal, onto its first entry.
    const v = a.slice(k * n + first, (k + 1) * n);
    if (v.every((x, i) => i === 0 || x === 0)) continue;
    const length = Math.sqrt(dot(v, v));
    const target = v[0]! > 0 ? -length : length;
    v[0]! -= target;
    const scale = 2 / dot(v, v);
    const p = v.map((_, i) => scale * dot(v, a.subarray((first + i) * n + first, (first + i + 1) * n)));
    const half = (scale * dot(v, p)) / 2;
    const w = p.map((x, i) => x - half * v[i]!);
    for (let i = 0; i < v.length; i++) {
      const row = a.subarray((first + i) * n + first, (first + i + 1) * n);
      for (let j = 0; j < v.length; j++) row[j]! -= v[i]! * w[j]! + w[i]! * v[j]!;
    }
    a[k * n + first] = target;
    const projection = new Float64Array(n);
    v.forEach((x, i) => {
      for (let j = 0; j < n; j++) projection[j]! += scale * x * basis[(first + i) * n + j]!;
    });
    v.forEach((x, i) => {
      for (let j = 0; j < n; j++) basis[(first + i) * n + j]! -= x * projection[j]!;
    });
  }
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => a[i * n + i]!),
    offDiagonal: Float64Array.from({ length: n }, (_, i) => (i + 1 < n ? a[i * n + i + 1]! : 0)),
    basis,
  };
}

/** Turns the tridiagonal matrix (d, e) diagonal by plane rotations, which it also applies to the rows of the basis. */
function diagonalise(d: Float64Array, e: Float64Array, basis: Float64Array): void {
  const n = d.length;
  for (let low = 0; low < n; low++) {
    for (let high = blockEnd(d, e, low); high > low; high = blockEnd(d, e, low)) {
      const ratio = (d[low + 1]! - d[low]!) / (2 * e[low]!);
      const shift = d[low]! - e[low]! / (ratio + (ratio < 0 ? -1 : 1) * Math.hypot(ratio, 1));
      let g = d[high]! - shift;
      let [sine, cosine, carried] = [1, 1, 0];
      let i = high - 1;
      for (; i >= low; i--) {
        const f = sine * e[i]!;
        const b = cosine * e[i]!;
        const r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) break;
        sine = f / r;
        cosine = g / r;
        g = d[i + 1]! - carried;
        const step = (d[i]! - g) * sine + 2 * cosine * b;
        carried = sine * step;
        d[i + 1] = g + carried;
        g = cosine * step - b;
        rotateRows(basis, n, i, cosine, sine);
      }
      d[i + 1]! -= carried;
      if (i < low) e[low] = g;
      e[high] = 0;
    }
  }
}

/** The last row of the block that starts at `low`: its off-diagonal entry is nothing beside its neighbours. */
function blockEnd(d: Float64Array, e: Float64Array, low: number): number {
  let end = low;
  while (
    end + 1 < d.length &&
    Math.abs(e[end]!) > Number.EPSILON * (Math.abs(d[end]!) + Math.abs(d[end + 1]!))
  )
    end++;
  return end;
}

function rotateRows(basis: Float64Array, n: number, i: number, cosine: number, sine: number): void {
  const upper = basis.subarray(i * n, (i + 1) * n);
  const lower = basis.subarray((i + 1) * n, (i + 2) * n);
  for (let k = 0; k < n; k++) {
    const [u, l] = [upper[k]!, lower[k]!];
    lower[k] = sine * u + cosine * l;
    upper[k] = cosine * u - sine * l;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
