import { batch, SIZE, type SPLITS } from '../../../datasets/toyfaces/index.ts';
import type { Image8 } from '../../pictures/image8.ts';
import { toImage8 } from '../../pictures/image8.ts';

/** Values of one picture of toyfaces. */
export const PIXELS: number = 3 * SIZE * SIZE;

/** Pictures [N,3,64,64] in [-1,1] with what they are called and what their captions say. */
export interface Pictures {
  readonly ids: readonly string[];
  readonly pixels: Float32Array;
  readonly captions: readonly string[];
}

/** The first `count` pictures of a split. */
export function paint(split: keyof typeof SPLITS, count: number): Pictures {
  const indices = range(count);
  return { ids: indices.map((i) => `${split}/${String(i).padStart(5, '0')}`), ...batch(split, indices) };
}

/** 8-bit pictures of [N,3,64,64], the first `count` at most. */
export function imagesOf(pixels: Float32Array, count = Number.POSITIVE_INFINITY): Image8[] {
  return range(Math.min(count, pixels.length / PIXELS)).map((i) =>
    toImage8(pixels.subarray(i * PIXELS, (i + 1) * PIXELS), [3, SIZE, SIZE]),
  );
}

/** 0 ... count - 1 in runs of at most `size`: [start, length] each. */
export function batchesOf(count: number, size: number): [number, number][] {
  return range(Math.ceil(count / size)).map((n) => [n * size, Math.min(size, count - n * size)]);
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
