/**
 * The random numbers of PyTorch's CPU generator, for comparing runs with Python code value by value
 * (aten/src/ATen/core/MT19937RNGEngine.h, aten/src/ATen/native/cpu/DistributionTemplates.h, checked against
 * PyTorch 1.13.1). Arrays are contiguous; how many numbers a call asks for decides how they are drawn, as in PyTorch.
 */
import { Mt19937 } from './mt19937.ts';

export type FloatDtype = 'float32' | 'float64';

interface FloatArrays {
  float32: Float32Array<ArrayBuffer>;
  float64: Float64Array<ArrayBuffer>;
}

/** From this many numbers on, PyTorch fills normals in blocks of 16 instead of one by one. */
const BLOCK = 16;

export class TorchCpuGenerator {
  #engine: Mt19937;
  /** The second number of the last pair drawn one by one; it outlives the call and every other kind of draw. */
  #spareNormal: number | undefined;

  /** As a generator after `torch.manual_seed(seed)`. */
  constructor(seed: number | bigint) {
    this.#engine = new Mt19937(seed);
  }

  /** `torch.manual_seed`: any integer, of which the low 32 bits count. Throws RangeError for a fraction. */
  manualSeed(seed: number | bigint): this {
    this.#engine = new Mt19937(seed);
    this.#spareNormal = undefined;
    return this;
  }

  /** `torch.rand`: uniform in [0,1), with 24 random bits each in float32 and 53 in float64. Equal to the bit. */
  rand<D extends FloatDtype = 'float32'>(count: number, dtype?: D): FloatArrays[D];
  rand(count: number, dtype: FloatDtype = 'float32'): FloatArrays[FloatDtype] {
    if (dtype === 'float64') return Float64Array.from({ length: count }, () => this.#uniform53());
    return Float32Array.from({ length: count }, () => this.#uniform24());
  }

  /**
   * `torch.randn`, `torch.randn_like`: standard normal. Differs from PyTorch by rounding alone, 2e-6 at most in float32
   * (its vectorised build takes logarithm, sine and cosine from float32 polynomials) and 1e-13 in float64.
   */
  randn<D extends FloatDtype = 'float32'>(count: number, dtype?: D): FloatArrays[D];
  randn(count: number, dtype: FloatDtype = 'float32'): FloatArrays[FloatDtype] {
    if (count >= BLOCK) return this.#normalBlocks(this.rand(count, dtype), dtype);
    const values = dtype === 'float64' ? new Float64Array(count) : new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = this.#scalarNormal();
    return values;
  }

  /**
   * `torch.randint(low, high)` and `Tensor.random_(low, high)` of int64: integers in [low, high). Throws RangeError for
   * an empty range.
   */
  randint(low: number | bigint, high: number | bigint, count: number): BigInt64Array<ArrayBuffer> {
    const first = BigInt(low);
    const range = BigInt(high) - first;
    if (range <= 0n) throw new RangeError(`randint: expected low < high, found [${low}, ${high})`);
    const word = range < 1n << 32n ? () => BigInt(this.#engine.next()) : () => this.#word64();
    return BigInt64Array.from({ length: count }, () => first + (word() % range));
  }

  /** `torch.randperm`: the numbers 0 to n-1 in random order; n below 2^32. */
  randperm(n: number): BigInt64Array<ArrayBuffer> {
    const order = BigInt64Array.from({ length: n }, (_, i) => BigInt(i));
    for (let i = 0; i < n - 1; i++) {
      const j = i + (this.#engine.next() % (n - i));
      const moved = order[i]!;
      order[i] = order[j]!;
      order[j] = moved;
    }
    return order;
  }

  #uniform24(): number {
    return (this.#engine.next() & 0xffffff) / 2 ** 24;
  }

  /** The low 53 of 64 bits; the first word drawn is the high one. */
  #uniform53(): number {
    const high = this.#engine.next() & 0x1fffff;
    return (high * 2 ** 32 + this.#engine.next()) / 2 ** 53;
  }

  #word64(): bigint {
    const high = BigInt(this.#engine.next());
    return (high << 32n) | BigInt(this.#engine.next());
  }

  /** Box-Muller in double precision, one pair for two calls. */
  #scalarNormal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    const angle = 2 * Math.PI * this.#uniform53();
    const radius = Math.sqrt(-2 * Math.log1p(-this.#uniform53()));
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Uniforms become normals in place, 16 at a time; a rest is covered by drawing the last 16 anew. */
  #normalBlocks(values: FloatArrays[FloatDtype], dtype: FloatDtype): FloatArrays[FloatDtype] {
    for (let start = 0; start + BLOCK <= values.length; start += BLOCK) boxMullerBlock(values, start);
    if (values.length % BLOCK > 0) {
      const last = values.length - BLOCK;
      values.set(this.rand(BLOCK, dtype), last);
      boxMullerBlock(values, last);
    }
    return values;
  }
}

/** Uniform pairs (x[j], x[j+8]) become normal pairs in the same places. */
function boxMullerBlock(values: FloatArrays[FloatDtype], start: number): void {
  const half = BLOCK / 2;
  for (let j = start; j < start + half; j++) {
    const radius = Math.sqrt(-2 * Math.log(1 - values[j]!));
    const angle = 2 * Math.PI * values[j + half]!;
    values[j] = radius * Math.cos(angle);
    values[j + half] = radius * Math.sin(angle);
  }
}
