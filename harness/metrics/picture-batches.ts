import { type Tensor, tf } from '../engine/tf.ts';
import type { Image8 } from '../pictures/image8.ts';
import { fromImage8 } from '../pictures/image8.ts';

/** Where pictures of one size follow each other: [start, end). */
export function runsOfOneSize(images: readonly Image8[]): [start: number, end: number][] {
  const runs: [number, number][] = [];
  for (const [i, { width, height }] of images.entries()) {
    const last = runs.at(-1);
    const first = last && images[last[0]]!;
    if (first?.width === width && first.height === height) last![1] = i + 1;
    else runs.push([i, i + 1]);
  }
  return runs;
}

/** RGB pictures of one size as [B,3,H,W] in [-1,1]. */
export function picturesTensor(images: readonly Image8[]): Tensor {
  const { width, height } = images[0]!;
  const size = 3 * width * height;
  const values = new Float32Array(images.length * size);
  for (const [i, image] of images.entries()) values.set(fromImage8(image), i * size);
  return tf.tensor(values, [images.length, 3, height, width]);
}
