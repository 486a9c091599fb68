/**
 * Counter-based random numbers: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 * A draw is a pure function of its key, so it does not depend on batch size, order, device or resume point.
 */
import { createHash } from 'node:crypto';

/** What a draw is for. A solver's name is never part of it, so that every solver sees the same measurement and start. */
export type Role = 'operator' | 'measurement' | 'initial' | 'step' | 'train' | 'sample';

/** Where a cell's random numbers come from: this file, or PyTorch's CPU generator (torch-random.ts). */
export const RANDOM_FLAVOURS = ['philox', 'torch-cpu'] as const;
export type RandomFlavour = (typeof RANDOM_FLAVOURS)[number];

/** Identifies one draw of one image; everything that a random array depends on. */
export interface DrawKey {
  seed: number;
  role: Role;
  /** Dataset item id. */
  image: string;
  /** 0, 1, 2, ... within (seed, role, image). */
  draw: number;
}

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/** One block of Philox4x32-10: four 32-bit words from a 128-bit counter and a 64-bit key. */
export function philox4x32(counter: ArrayLike<number>, key: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  let [c0, c1, c2, c3] = [counter[0]!, counter[1]!, counter[2]!, counter[3]!];
  let [key0, key1] = [key[0]!, key[1]!];
  for (let round = 0; round < 10; round++) {
    const high0 = highWord(MULTIPLIER_0, c0);
    const high1 = highWord(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ key0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ key1) >>> 0;
    c3 = low0 >>> 0;
    key0 = (key0 + WEYL_0) >>> 0;
    key1 = (key1 + WEYL_1) >>> 0;
  }
  return Uint32Array.of(c0, c1, c2, c3);
}

/** Upper 32 bits of the 64-bit product of two unsigned 32-bit integers. */
function highWord(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return aHigh * bHigh + Math.floor(middle / 0x10000) + ((middle % 0x10000) + aLow * bHigh) / 0x10000;
}

/**
 * The key's own endless stream of uniform doubles in [0,1), 53 random bits each. 128 bits of the key's SHA-256 choose
 * the stream (Philox key and upper counter words); the lower counter words number its blocks.
 */
export function uniforms(key: DrawKey): () => number {
  const digest = createHash('sha256')
    .update(JSON.stringify([key.seed, key.role, key.image, key.draw]))
    .digest();
  const words = [0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset));
  const counter = Uint32Array.of(0, 0, words[2]!, words[3]!);
  let block = new Uint32Array(4);
  let used = 4;
  return () => {
    if (used === 4) {
      block = philox4x32(counter, words);
      counter[0]!++;
      if (counter[0] === 0) counter[1]!++;
      used = 0;
    }
    const high = block[used++]! >>> 5;
    const low = block[used++]! >>> 6;
    return (high * 0x4000000 + low) / 0x20000000000000;
  };
}

/** `count` standard normal numbers (Box-Muller on the key's uniform stream), rounded to float32. */
export function normals(key: DrawKey, count: number): Float32Array<ArrayBuffer> {
  const next = uniforms(key);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    const angle = 2 * Math.PI * next();
    values[i] = radius * Math.cos(angle);
    if (i + 1 < count) values[i + 1] = radius * Math.sin(angle);
  }
  return values;
}
