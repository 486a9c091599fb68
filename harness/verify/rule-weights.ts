/**
 * Weights that are recomputed from their names, so that a case needs not store them: FNV-1a of prefix + name seeds
 * SplitMix64, whose draws give u in [-1,1). 64-bit arithmetic in place on pairs of 32-bit halves: networks have tens of
 * millions of weights, for which BigInt or a pair of its own for each result takes tens of seconds.
 */
import { sizeOf } from '../engine/shape.ts';

/**
 * What a parameter is: conv or linear weight, its bias, a norm's weight and bias, running mean and variance, embedding.
 */
export const RULE_KINDS = ['w', 'b', 'nw', 'nb', 'rm', 'rv', 'emb'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** A factor applied after a first rounding to float32: of kinds w and b, and of embeddings. */
export interface RuleScales {
  readonly scale?: number;
  readonly embeddingScale?: number;
}

/** One parameter by the rule. `gain` is g of a = sqrt(g / fan_in), where fan_in is the product of the shape's tail. */
export function ruleParameter(
  key: string,
  shape: readonly number[],
  kind: RuleKind,
  gain: number,
  { scale = 1, embeddingScale = 1 }: RuleScales = {},
): Float32Array {
  const convert = valueFor(kind, shape, gain);
  const factor = kind === 'emb' ? embeddingScale : kind === 'w' || kind === 'b' ? scale : 1;
  const uniforms = ruleUniforms(key, sizeOf(shape));
  const values = new Float32Array(uniforms.length);
  for (let i = 0; i < values.length; i++) values[i] = Math.fround(convert(uniforms[i]!)) * factor;
  return values;
}

/** The numbers u_i of a parameter. */
export function ruleUniforms(key: string, count: number): Float64Array {
  const state = new Word64(0xcbf29ce4, 0x84222325);
  for (const byte of Buffer.from(key, 'utf8')) {
    state.low ^= byte;
    state.multiply(0x100, 0x1b3);
  }
  state.mix();
  const draw = new Word64(0, 0);
  const uniforms = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    state.add(0x9e3779b9, 0x7f4a7c15);
    draw.high = state.high;
    draw.low = state.low;
    draw.mix();
    uniforms[i] = 2 * ((draw.high >>> 0) * 2 ** 21 + (draw.low >>> 11)) * 2 ** -53 - 1;
  }
  return uniforms;
}

function valueFor(kind: RuleKind, shape: readonly number[], gain: number): (u: number) => number {
  switch (kind) {
    case 'w': {
      const a = Math.sqrt(gain / sizeOf(shape.slice(1)));
      return (u) => a * u;
    }
    case 'nw':
      return (u) => 1 + 0.1 * u;
    case 'b':
    case 'nb':
    case 'rm':
      return (u) => 0.1 * u;
    case 'rv':
      return (u) => 1 + 0.5 * Math.abs(u);
    case 'emb':
      return (u) => u;
  }
}

/** A 64-bit number that is changed in place. Its halves are signed, which V8 keeps as machine integers. */
class Word64 {
  high: number;
  low: number;

  constructor(high: number, low: number) {
    this.high = high | 0;
    this.low = low | 0;
  }

  /** SplitMix64's finaliser. */
  mix(): void {
    this.#xorShift(30);
    this.multiply(0xbf58476d, 0x1ce4e5b9);
    this.#xorShift(27);
    this.multiply(0x94d049bb, 0x133111eb);
    this.#xorShift(31);
  }

  add(high: number, low: number): void {
    const sum = (this.low >>> 0) + low;
    this.high = (this.high + high + (sum > 0xffffffff ? 1 : 0)) | 0;
    this.low = sum | 0;
  }

  multiply(high: number, low: number): void {
    const a0 = this.low & 0xffff;
    const a1 = this.low >>> 16;
    const b0 = low & 0xffff;
    const b1 = low >>> 16;
    const middle = a1 * b0 + ((a0 * b0) >>> 16);
    const middle2 = a0 * b1 + (middle & 0xffff);
    const carry = a1 * b1 + (middle >>> 16) + (middle2 >>> 16);
    this.high = (carry + Math.imul(this.high, low) + Math.imul(this.low, high)) | 0;
    this.low = Math.imul(this.low, low);
  }

  /** z ^ (z >> n), 0 < n < 32. */
  #xorShift(n: number): void {
    this.low ^= (this.low >>> n) | (this.high << (32 - n));
    this.high ^= this.high >>> n;
  }
}
