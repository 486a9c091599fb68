import { ruleUniforms } from './rule-weights.ts';

/**
 * The same numbers up to float32 rounding: each stays or moves to one of its two neighbours. Zeros stay.
 * @param draw another choice for each
 */
export function jittered(values: Float32Array, draw: number): Float32Array {
  const moved = Float32Array.from(values);
  const bits = new Int32Array(moved.buffer);
  const choices = ruleUniforms(`verify/jitter/${draw}`, values.length);
  for (let i = 0; i < bits.length; i++) {
    if (values[i] !== 0) bits[i]! += Math.round(1.5 * choices[i]!);
  }
  return moved;
}
