import { type Tensor, tf } from '../../engine/tf.ts';

/**
 * For each place the class that most of the examples have there, the first of them where two are as frequent: the same map
 * for each of `count` pictures.
 * @param labels [N,H,W], int32
 */
export function majorityClass(labels: Tensor, classes: number, count: number): Tensor {
  return tf.tidy(() => {
    const votes = Array.from({ length: classes }, (_, i) =>
      tf.sum(tf.cast(tf.equal(labels, tf.scalar(i, 'int32')), 'int32'), 0),
    );
    const most = tf.cast(tf.argMax(tf.stack(votes), 0), 'int32');
    return tf.tile(tf.expandDims(most, 0), [count, 1, 1]);
  });
}
