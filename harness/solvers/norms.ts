/** Per-image norms (SOLVERS.md 1.6: never over the whole batch). */
import { type Tensor, tf } from '../engine/tf.ts';

/** Below this a residual is nothing, and so is its norm's gradient. */
const TINY = 1e-15;

/** Sum of squares of each image, [B,...] -> [B]. */
export function sumSquares(x: Tensor): Tensor {
  return tf.sum(tf.square(tf.reshape(x, [x.shape[0]!, -1])), 1);
}

/** Mean of squares of each image, [B,...] -> [B]. */
export function meanSquares(x: Tensor): Tensor {
  return tf.mean(tf.square(tf.reshape(x, [x.shape[0]!, -1])), 1);
}

/** Euclidean norm of each image, [B,...] -> [B]; its gradient is x / ||x||, and 0 where x is 0. */
export function norm(x: Tensor): Tensor {
  return guardedNorm(tf.reshape(x, [x.shape[0]!, -1]));
}

const guardedNorm = tf.customGrad((rows, save) => {
  const x = rows as Tensor;
  const value = tf.sqrt(tf.sum(tf.square(x), 1, true));
  (save as (tensors: Tensor[]) => void)([x, value]);
  return {
    value: tf.reshape(value, [-1]),
    gradFunc: (dy: Tensor, saved: Tensor[]) => {
      const [x, value] = saved as [Tensor, Tensor];
      return tf.mul(tf.reshape(dy, [-1, 1]), tf.div(x, tf.maximum(value, TINY)));
    },
  };
});
