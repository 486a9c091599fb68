import { type Tensor, tf } from '../tf.ts';

/** The same values as a constant: nothing upstream of them gets a gradient through it. */
export function stopGradient(x: Tensor): Tensor {
  return tf.customGrad((same) => ({
    value: tf.clone(same as Tensor),
    gradFunc: (dy: Tensor) => tf.zerosLike(dy),
  }))(x);
}
