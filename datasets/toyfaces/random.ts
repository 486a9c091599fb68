/**
 * Counter-based random numbers of one picture: draw k of picture (seed, index) is a pure function of the three
 * integers, computed in 32-bit integer arithmetic, so it is the same on every machine and in any order.
 */
export class Draws {
  readonly #low: number;
  readonly #high: number;
  #count = 0;

  constructor(seed: number, index: number) {
    this.#low = mix(mix(seed ^ 0x51ed270b) + Math.imul(index, 0x9e3779b1));
    this.#high = mix(mix(seed ^ 0x2545f491) ^ Math.imul(index + 1, 0x85ebca6b));
  }

  /** Uniform in [0, 1). */
  next(): number {
    this.#count++;
    return mix(mix(this.#low + Math.imul(this.#count, 0x9e3779b9)) + this.#high) / 4294967296;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of the values, all equally likely. */
  pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.next() * values.length)]!;
  }
}

/** A bijective mixer of 32-bit integers (xor-shift and multiply rounds); the result is unsigned. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
  return (h ^ (h >>> 16)) >>> 0;
}
