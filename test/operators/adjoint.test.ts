import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { useDevice } from '../support/device.ts';
import { difference, dot, gaussian, norm, operators, shape } from './support.ts';

describe.each(['cpu-reference', 'cpu'] as const)('on %s', (device) => {
  beforeAll(() => useDevice(device));
  describe.each(Object.entries(operators))('%s', (_, make) => {
    it('<A x, v> = <x, A^T v> for 20 random pairs', async () => {
      const A = make();
      for (let pair = 0; pair < 20; pair++) {
        const x = gaussian(2 * pair, [2, ...shape]);
        const y = A.forward(x);
        const v = gaussian(2 * pair + 1, y.shape);
        const gap = Math.abs((await dot(y, v)) - (await dot(x, A.adjoint!(v))));
        expect(gap).toBeLessThan(1e-5 * (await norm(y)) * (await norm(v)));
      }
    });

    it('is linear', async () => {
      const A = make();
      const [x, z] = [gaussian(0, [2, ...shape]), gaussian(1, [2, ...shape])];
      const combined = A.forward(tf.add(tf.mul(x, 2), z));
      const separate = tf.add(tf.mul(A.forward(x), 2), A.forward(z));
      expect(await difference(combined, separate)).toBeLessThan(1e-5 * (await norm(combined)));
    });

    it('treats each image of a batch on its own', async () => {
      const A = make();
      const x = gaussian(0, [2, ...shape]);
      const swapped = tf.concat([tf.slice(x, [0, 0, 0, 0], [1, ...shape]), gaussian(5, [1, ...shape])]);
      const first = (t: Tensor) => tf.slice(t, [0, 0, 0, 0], [1, ...t.shape.slice(1)]);
      expect(await difference(first(A.forward(x)), first(A.forward(swapped)))).toBe(0);
    });

    it('frees its tensors', () => {
      const before = tf.memory().numTensors;
      make().dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});
