/** A rotation of rows i and i + 1: upper' = cosine upper - sine lower, lower' = sine upper + cosine lower. */
export type Rotate = (i: number, cosine: number, sine: number) => void;

/**
 * Turns the symmetric tridiagonal matrix of diagonal d and off-diagonal e (e[i] between i and i + 1; its last entry is
 * spare) diagonal by plane rotations, in place: QL with implicit shifts (Golub and Van Loan, Matrix Computations, section
 * 8.3; Wilkinson and Reinsch's tql2). The eigenvalues are left in d, in no order.
 * @param rotate applies each rotation to a basis
 */
export function diagonalise(d: Float64Array, e: Float64Array, rotate: Rotate = () => {}): void {
  for (let low = 0; low < d.length; low++) {
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
        rotate(i, cosine, sine);
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
