import { type Tensor, tf } from './tf.ts';

/** A tensor of weights: data that never changes and may be built into compiled graphs. */
export function constant(data: Float32Array, shape: readonly number[]): Tensor {
  return tf.tensor(data, [...shape]);
}
