/**
 * The PRNG rule of fixtures/README.md: weights recomputed from their names. FNV-1a of prefix + name seeds SplitMix64,
 * whose draws give u in [-1,1). 64-bit arithmetic on pairs of 32-bit halves, since BigInt takes seconds for a network.
 */
import type { ParamKind, ParamSpec } from '../../harness/networks/parameter-shapes.ts';
import { sizeOf } from '../../harness/networks/parameter-shapes.ts';

type U64 = readonly [high: number, low: number];

const GOLDEN: U64 = [0x9e3779b9, 0x7f4a7c15];
const MIX_1: U64 = [0xbf58476d, 0x1ce4e5b9];
const MIX_2: U64 = [0x94d049bb, 0x133111eb];
const FNV_OFFSET: U64 = [0xcbf29ce4, 0x84222325];
const FNV_PRIME: U64 = [0x100, 0x1b3];

/** u_i of the rule for the parameter `key`. */
export function prngUniforms(key: string, count: number): Float64Array {
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

export interface WeightRule {
  prefix: string;
  /** Multiplies conv and linear weights and biases, after a first rounding to float32. */
  scale?: number;
  /** The same for embeddings. */
  embeddingScale?: number;
}

/** All parameters of a network by the rule with gain 3 (items 01 to 05). */
export function prngWeights(specs: readonly ParamSpec[], rule: WeightRule): Map<string, Float32Array> {
  return new Map(specs.map((spec) => [spec.name, prngParameter(spec, rule)]));
}

function prngParameter({ name, shape, kind, fanIn }: ParamSpec, rule: WeightRule): Float32Array {
  const value = valueFor(kind, fanIn);
  const values = Float32Array.from(prngUniforms(rule.prefix + name, sizeOf(shape)), value);
  const scale = scaleFor(kind, rule);
  return scale === 1 ? values : values.map((v) => v * scale);
}

function valueFor(kind: ParamKind, fanIn: number): (u: number) => number {
  switch (kind) {
    case 'weight': {
      const a = Math.sqrt(3 / fanIn);
      return (u) => a * u;
    }
    case 'normWeight':
      return (u) => 1 + 0.1 * u;
    case 'bias':
    case 'normBias':
      return (u) => 0.1 * u;
    case 'embedding':
      return (u) => u;
  }
}

function scaleFor(kind: ParamKind, { scale = 1, embeddingScale = 1 }: WeightRule): number {
  if (kind === 'embedding') return embeddingScale;
  return kind === 'weight' || kind === 'bias' ? scale : 1;
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
