import { type Boundary, sourceIndex } from '../operators/boundary.ts';

/** One channel, row-major. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

/**
 * Weighted means of two planes and of their products in the window around each pixel of a row: columns before rows, taps
 * in order, all in double precision. Keeps no more than a row of each.
 */
export class RowMoments {
  readonly #a: Plane;
  readonly #b: Plane;
  readonly #taps: Float64Array;
  readonly #radius: number;
  /** Row at each tap of the window around row 0, 1, ...; -1: a row of zeros. */
  readonly #rows: Int32Array;
  /** Column at each place of a row padded by the window's radius on both sides; -1: a zero. */
  readonly #columns: Int32Array;
  /** Means down the columns, padded. */
  readonly #down: readonly Float64Array[];
  readonly meanX: Float64Array;
  readonly meanY: Float64Array;
  readonly meanXX: Float64Array;
  readonly meanYY: Float64Array;
  readonly meanXY: Float64Array;

  constructor(a: Plane, b: Plane, taps: Float64Array, boundary: Boundary) {
    this.#a = a;
    this.#b = b;
    this.#taps = taps;
    this.#radius = Math.floor(taps.length / 2);
    this.#rows = sources(a.height, taps.length, boundary);
    this.#columns = sources(a.width, taps.length, boundary);
    this.#down = Array.from({ length: 5 }, () => new Float64Array(this.#columns.length));
    this.meanX = new Float64Array(a.width);
    this.meanY = new Float64Array(a.width);
    this.meanXX = new Float64Array(a.width);
    this.meanYY = new Float64Array(a.width);
    this.meanXY = new Float64Array(a.width);
  }

  /** Fills the means of the columns `start` .. `end - 1` of a row. */
  go(row: number, start: number, end: number): void {
    this.#goDown(row, start, end);
    for (const [i, mean] of [this.meanX, this.meanY, this.meanXX, this.meanYY, this.meanXY].entries()) {
      across(this.#down[i]!, this.#taps, mean, start, end);
    }
  }

  #goDown(row: number, start: number, end: number): void {
    const taps = this.#taps;
    const rows = this.#rows;
    const columns = this.#columns;
    const [x, y] = [this.#a.data, this.#b.data];
    const [downX, downY, downXX, downYY, downXY] = this.#down as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const width = this.#a.width;
    for (let place = start; place < end + 2 * this.#radius; place++) {
      const column = columns[place]!;
      let sumX = 0;
      let sumY = 0;
      let sumXX = 0;
      let sumYY = 0;
      let sumXY = 0;
      for (let k = 0; column >= 0 && k < taps.length; k++) {
        const source = rows[row + k]!;
        if (source < 0) continue;
        const tap = taps[k]!;
        const valueX = x[source * width + column]!;
        const valueY = y[source * width + column]!;
        sumX += tap * valueX;
        sumY += tap * valueY;
        sumXX += tap * (valueX * valueX);
        sumYY += tap * (valueY * valueY);
        sumXY += tap * (valueX * valueY);
      }
      downX[place] = sumX;
      downY[place] = sumY;
      downXX[place] = sumXX;
      downYY[place] = sumYY;
      downXY[place] = sumXY;
    }
  }
}

/** Four columns at once: a sum alone would wait for each of its additions. Each adds its taps in order, as one alone would. */
function across(
  padded: Float64Array,
  taps: Float64Array,
  means: Float64Array,
  start: number,
  end: number,
): void {
  let column = start;
  for (; column + 4 <= end; column += 4) {
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    let value0 = padded[column]!;
    let value1 = padded[column + 1]!;
    let value2 = padded[column + 2]!;
    for (let k = 0; k < taps.length; k++) {
      const tap = taps[k]!;
      const value3 = padded[column + k + 3]!;
      sum0 += tap * value0;
      sum1 += tap * value1;
      sum2 += tap * value2;
      sum3 += tap * value3;
      value0 = value1;
      value1 = value2;
      value2 = value3;
    }
    means[column] = sum0;
    means[column + 1] = sum1;
    means[column + 2] = sum2;
    means[column + 3] = sum3;
  }
  for (; column < end; column++) {
    let sum = 0;
    for (let k = 0; k < taps.length; k++) sum += taps[k]! * padded[column + k]!;
    means[column] = sum;
  }
}

/** The sample that stands at each index of a line padded by half a window, from its first one on; -1: a zero. */
function sources(length: number, taps: number, boundary: Boundary): Int32Array {
  const radius = Math.floor(taps / 2);
  return Int32Array.from(
    { length: length + taps - 1 },
    (_, i) => sourceIndex(boundary, i - radius, length) ?? -1,
  );
}
