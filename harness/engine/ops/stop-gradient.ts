import { type Tensor, tf } from '../tf.ts';

/** The same values as a constant: nothing upstream of them gets a gradient through it. */
export const stopGradient: (x: Tensor) => Tensor = tf.customGrad((x) => ({
  value: tf.clone(x as Tensor),
  gradFunc: (dy: Tensor) => tf.zerosLike(dy),
}));
