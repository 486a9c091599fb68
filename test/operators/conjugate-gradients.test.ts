import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { conjugateGradients } from '../../harness/operators/conjugate-gradients.ts';
import { useDevice } from '../support/device.ts';
import { values } from './support.ts';

describe.each(['cpu-reference', 'cpu'] as const)('on %s', (device) => {
  beforeAll(() => useDevice(device));

  it('solves n equations in n iterations, each image by itself', async () => {
    // H = diag(1, 2, 4); the second image starts from the solution.
    const H = (x: Tensor) => tf.mul(x, tf.tensor2d([[1, 2, 4]]));
    const b = tf.tensor2d([
      [1, 1, 1],
      [3, 4, 8],
    ]);
    const x0 = tf.tensor2d([
      [0, 0, 0],
      [3, 2, 2],
    ]);
    const x = await values(conjugateGradients(H, b, x0, 3));
    [1, 0.5, 0.25, 3, 2, 2].forEach((value, i) => void expect(x[i]).toBeCloseTo(value, 5));
  });

  it('stays where it converged, however many iterations follow, in a singular system too', async () => {
    // What H does not see is no part of the solution; rounding must not make it one.
    const H = (x: Tensor) => {
      const mean = tf.mean(x, 1, true);
      return tf.mul(tf.sub(x, mean), tf.tensor2d([[0.3333, 0.3334, 0.3333]]));
    };
    const symmetric = (x: Tensor) => {
      const y = H(x);
      return tf.sub(y, tf.mean(y, 1, true));
    };
    const b = symmetric(tf.tensor2d([[0.3, -0.7, 0.9]]));
    const few = await values(conjugateGradients(symmetric, b, tf.zerosLike(b), 5));
    const many = await values(conjugateGradients(symmetric, b, tf.zerosLike(b), 300));
    many.forEach((value, i) => void expect(value).toBeCloseTo(few[i]!, 4));
  });
});
