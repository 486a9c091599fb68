/**
 * Mersenne Twister MT19937 (Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform
 * pseudo-random number generator", ACM TOMACS 1998), with the 2002 initialisation from one word.
 */
const WORDS = 624;
const MIDDLE = 397;

export class Mt19937 {
  readonly #state = new Uint32Array(WORDS);
  #used = WORDS;

  /** Seeded with the low 32 bits of an integer; negative ones in two's complement. Throws RangeError for a fraction. */
  constructor(seed: number | bigint) {
    const state = this.#state;
    state[0] = Number(BigInt.asUintN(32, BigInt(seed)));
    for (let i = 1; i < WORDS; i++) {
      const before = state[i - 1]!;
      state[i] = Math.imul(before ^ (before >>> 30), 1812433253) + i;
    }
  }

  /** The next word, an integer in [0, 2^32). */
  next(): number {
    if (this.#used === WORDS) this.#twist();
    let y = this.#state[this.#used++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < WORDS; i++) {
      const joined = (state[i]! & 0x80000000) | (state[(i + 1) % WORDS]! & 0x7fffffff);
      state[i] = state[(i + MIDDLE) % WORDS]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
    }
    this.#used = 0;
  }
}
