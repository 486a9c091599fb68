import { beforeAll, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { negated } from '../../harness/solvers/parts/clip-negation.ts';
import { useDevice } from '../support/device.ts';

beforeAll(() => useDevice('cpu-reference'));

/** An image tower that says the same of every picture, and what it was shown. */
function tower(features: readonly (readonly number[])[], side: number) {
  const shown: Tensor[] = [];
  const clip = {
    side,
    features(x: Tensor) {
      shown.push(x);
      return tf.tensor2d(features.map((row) => [...row]));
    },
  };
  return { clip, shown };
}

it('moves every token against the direction of its own picture, by the rate a step', async () => {
  const { clip } = tower([[3, -4], [-0.2, 0]], 2); // biome-ignore format: rows
  const u = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [2, 3, 2]);
  const moved = negated(clip, u, tf.zeros([2, 3, 4, 4]), { steps: 10, rate: 0.01 });
  // The gradient f / L never changes, so that every step of Adam is its sign times the rate; of 0 it is 0.
  const expected = [0.9, 2.1, 2.9, 4.1, 4.9, 6.1, 7.1, 8, 9.1, 10, 11.1, 12];
  (await moved.data()).forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 5);
  });
});

it('shows the tower a picture resized as PyTorch does it: cubic with a = -0.75, corners on corners, edges repeated', async () => {
  const { clip, shown } = tower([[1]], 9);
  // A line at the left edge in red and one in the middle in green: 5 columns to 9, half a column apart.
  const columns = [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
  const picture = tf.tile(tf.tensor(columns, [1, 3, 1, 5]), [1, 1, 5, 1]);
  negated(clip, tf.zeros([1, 1, 1]), picture, { steps: 1, rate: 1 });
  expect(shown[0]!.shape).toEqual([1, 3, 9, 9]);
  const [a, b] = [0.59375, -0.09375]; // the kernel at 1/2 and at 3/2
  const row = await tf.slice(shown[0]!, [0, 0, 4, 0], [1, 2, 1, 9]).data();
  const expected = [1, a + b, 0, b, 0, 0, 0, 0, 0, 0, b, 0, a, 1, a, 0, b, 0];
  row.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i]!, 6);
  });
});
