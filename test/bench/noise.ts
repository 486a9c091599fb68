/** Numbers that this program and its Python peers make alike, without handing them over. */

import { sizeOf } from '../../harness/engine/shape.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';

/** Uniform in [-1, 1), by hashing each element's index with `seed`; pytorch/noise.py has the same. */
export function noise(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let h = Math.imul(i ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
    values[i] = ((h ^ (h >>> 13)) >>> 0) / 2 ** 31 - 1;
  }
  return values;
}

/** A tensor of that noise. */
export function noiseTensor(shape: readonly number[], seed: number): Tensor {
  const count = sizeOf(shape);
  return tf.keep(tf.tensor(noise(count, seed), [...shape]));
}
