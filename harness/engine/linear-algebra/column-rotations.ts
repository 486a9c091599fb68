/** Rotations that are kept before they are applied: 1.25 MiB of them. */
const KEPT = 1 << 16;

/**
 * Plane rotations of neighbouring columns i and i + 1 of a square matrix, row-major. They are kept until there are many: then
 * four rows, which lie in the processor's cache, go through all of them, and the column that one rotation shares with the
 * next stays in a register.
 */
export class ColumnRotations {
  readonly #data: Float64Array;
  readonly #n: number;
  readonly #column = new Int32Array(KEPT);
  readonly #cosine = new Float64Array(KEPT);
  readonly #sine = new Float64Array(KEPT);
  #count = 0;

  constructor(data: Float64Array, n: number) {
    this.#data = data;
    this.#n = n;
  }

  /** left' = cosine left - sine right, right' = sine left + cosine right of columns i and i + 1. */
  add(i: number, cosine: number, sine: number): void {
    if (this.#count === KEPT) this.apply();
    this.#column[this.#count] = i;
    this.#cosine[this.#count] = cosine;
    this.#sine[this.#count++] = sine;
  }

  /** Applies what is kept. */
  apply(): void {
    const n = this.#n;
    for (let row = 0; row + 4 <= n; row += 4) this.#fourRows(row);
    for (let row = n - (n % 4); row < n; row++) this.#oneRow(row);
    this.#count = 0;
  }

  #fourRows(row: number): void {
    const [count, columns, cosines, sines, data] = [
      this.#count,
      this.#column,
      this.#cosine,
      this.#sine,
      this.#data,
    ];
    const n = this.#n;
    const [row0, row1, row2, row3] = [row * n, (row + 1) * n, (row + 2) * n, (row + 3) * n];
    for (let at = 0; at < count; ) {
      let i = columns[at]!;
      let right0 = data[row0 + i + 1]!;
      let right1 = data[row1 + i + 1]!;
      let right2 = data[row2 + i + 1]!;
      let right3 = data[row3 + i + 1]!;
      for (; at < count && columns[at] === i; at++, i--) {
        const c = cosines[at]!;
        const s = sines[at]!;
        const left0 = data[row0 + i]!;
        const left1 = data[row1 + i]!;
        const left2 = data[row2 + i]!;
        const left3 = data[row3 + i]!;
        data[row0 + i + 1] = s * left0 + c * right0;
        data[row1 + i + 1] = s * left1 + c * right1;
        data[row2 + i + 1] = s * left2 + c * right2;
        data[row3 + i + 1] = s * left3 + c * right3;
        right0 = c * left0 - s * right0;
        right1 = c * left1 - s * right1;
        right2 = c * left2 - s * right2;
        right3 = c * left3 - s * right3;
      }
      data[row0 + i + 1] = right0;
      data[row1 + i + 1] = right1;
      data[row2 + i + 1] = right2;
      data[row3 + i + 1] = right3;
    }
  }

  #oneRow(row: number): void {
    const values = this.#data.subarray(row * this.#n, (row + 1) * this.#n);
    for (let at = 0; at < this.#count; at++) {
      const i = this.#column[at]!;
      const [c, s] = [this.#cosine[at]!, this.#sine[at]!];
      const [left, right] = [values[i]!, values[i + 1]!];
      values[i] = c * left - s * right;
      values[i + 1] = s * left + c * right;
    }
  }
}
