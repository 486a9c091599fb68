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
