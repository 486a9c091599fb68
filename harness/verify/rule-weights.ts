/**
 * Weights that are recomputed from their names (the PRNG rule of the fixtures' README): FNV-1a of prefix + name seeds
 * SplitMix64, whose draws give u in [-1,1). 64-bit arithmetic on pairs of 32-bit halves, since BigInt takes seconds for
 * a network.
 */
import { sizeOf } from '../networks/parameter-shapes.ts';

type U64 = readonly [high: number, low: number];

const GOLDEN: U64 = [0x9e3779b9, 0x7f4a7c15];
const MIX_1: U64 = [0xbf58476d, 0x1ce4e5b9];
const MIX_2: U64 = [0x94d049bb, 0x133111eb];
const FNV_OFFSET: U64 = [0xcbf29ce4, 0x84222325];
const FNV_PRIME: U64 = [0x100, 0x1b3];

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
  const values = Float32Array.from(ruleUniforms(key, sizeOf(shape)), valueFor(kind, shape, gain));
  const factor = kind === 'emb' ? embeddingScale : kind === 'w' || kind === 'b' ? scale : 1;
  return factor === 1 ? values : values.map((v) => v * factor);
}

/** The numbers u_i of a parameter. */
export function ruleUniforms(key: string, count: number): Float64Array {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(key, 'utf8')) {
    hash = multiply([hash[0], (hash[1] ^ byte) >>> 0], FNV_PRIME);
  }
  let state = mix(hash);
  return Float64Array.from({ length: count }, () => {
    state = add(state, GOLDEN);
    const [high, low] = mix(state);
    return 2 * (high * 2 ** 21 + (low >>> 11)) * 2 ** -53 - 1;
  });
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

function mix(z: U64): U64 {
  return xorShift(multiply(xorShift(multiply(xorShift(z, 30), MIX_1), 27), MIX_2), 31);
}

/** z ^ (z >> n), 0 < n < 32. */
function xorShift([high, low]: U64, n: number): U64 {
  return [(high ^ (high >>> n)) >>> 0, (low ^ ((low >>> n) | (high << (32 - n)))) >>> 0];
}

function add([ah, al]: U64, [bh, bl]: U64): U64 {
  const low = al + bl;
  return [(ah + bh + (low > 0xffffffff ? 1 : 0)) >>> 0, low >>> 0];
}

function multiply([ah, al]: U64, [bh, bl]: U64): U64 {
  const a0 = al & 0xffff;
  const a1 = al >>> 16;
  const b0 = bl & 0xffff;
  const b1 = bl >>> 16;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const middle2 = a0 * b1 + (middle & 0xffff);
  const carry = a1 * b1 + Math.floor(middle / 0x10000) + Math.floor(middle2 / 0x10000);
  return [(carry + Math.imul(ah, bl) + Math.imul(al, bh)) >>> 0, Math.imul(al, bl) >>> 0];
}
