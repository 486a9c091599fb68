/** IEEE 754 half precision (5 exponent bits, 10 fraction bits) to float32; exact. */
export function halfToFloat(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = WORDS[halves[i]!]!;
  return new Float32Array(words.buffer);
}

/** bfloat16, the upper half of a float32, to float32; exact. */
export function bfloatToFloat(halves: Uint16Array): Float32Array {
  const words = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
  return new Float32Array(words.buffer);
}

/** The float32 of every half: gigabytes of them are converted by looking up. */
const WORDS = new Uint32Array(
  Float32Array.from({ length: 1 << 16 }, (_, h) => {
    const sign = h & 0x8000 ? -1 : 1;
    const exponent = (h >> 10) & 0x1f;
    const fraction = h & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    return sign * (1024 + fraction) * 2 ** (exponent - 25);
  }).buffer,
);

/** float32 to IEEE 754 half precision, to the nearest, ties to even; from 65520 on it is infinity. */
export function floatToHalf(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) halves[i] = halfOf(words[i]!, values[i]!);
  return halves;
}

function halfOf(word: number, value: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= FIRST_INFINITE) return sign | 0x7c00;
  if (magnitude < SMALLEST_NORMAL) return sign | roundToEven(Math.abs(value) * 2 ** 24);
  const rebiased = magnitude - REBIAS;
  return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
}

/** float32 to bfloat16, to the nearest, ties to even. */
export function floatToBfloat(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const notANumber = (word & 0x7fffffff) > 0x7f800000;
    halves[i] = notANumber ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return halves;
}

/** Bits of 65520, halfway between the largest half and the next power of two. */
const FIRST_INFINITE = 0x477ff000;
/** Bits of 2^-14. */
const SMALLEST_NORMAL = 0x38800000;
/** Difference of the exponents' biases, 127 - 15. */
const REBIAS = 112 << 23;

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
