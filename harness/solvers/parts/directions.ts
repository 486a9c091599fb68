import { type Tensor, tf } from '../../engine/tf.ts';

/** Rows [B,P], brought to length 1. */
export function directions(x: Tensor): Tensor {
  return tf.div(x, tf.sqrt(tf.sum(tf.square(x), 1, true)));
}
