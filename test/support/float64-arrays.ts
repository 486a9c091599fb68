/** Arrays of float64.ts and how their elements lie. */
import { sizeOf } from '../../harness/engine/shape.ts';

/** Values row-major; whole numbers and truth values too. */
export interface Array64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The array stretched to `shape`. */
export function expand(x: Array64, shape: readonly number[]): Float64Array {
  if (x.data.length === sizeOf(shape)) return x.data;
  return gather(x.data, offsets(shape, broadcastStrides(x.shape, stridesOf(x.shape), shape.length)));
}

/** Strides of an array seen at a higher rank, 0 along the axes that it is stretched over. */
export function broadcastStrides(
  shape: readonly number[],
  strides: readonly number[],
  rank: number,
): number[] {
  const inner = strides.map((s, i) => (shape[i] === 1 ? 0 : s));
  return [...new Array<number>(rank - shape.length).fill(0), ...inner];
}

export function gather(data: Float64Array, from: Int32Array): Float64Array {
  const result = new Float64Array(from.length);
  for (let i = 0; i < from.length; i++) result[i] = data[from[i]!]!;
  return result;
}

/** For each element of `shape`, row-major, where it lies by `strides`. */
export function offsets(shape: readonly number[], strides: readonly number[], first = 0): Int32Array {
  let result = Int32Array.of(first);
  for (const [axis, length] of shape.entries()) {
    const next = new Int32Array(result.length * length);
    for (let i = 0, at = 0; i < result.length; i++)
      for (let j = 0; j < length; j++) next[at++] = result[i]! + j * strides[axis]!;
    result = next;
  }
  return result;
}

export function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, i) => sizeOf(shape.slice(i + 1)));
}
