import { beforeAll, describe, expect, it } from 'vitest';
import { normals } from '../../harness/engine/random.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { Operator } from '../../harness/operators/operator.ts';
import { proximalByCg, regularisedInverse } from '../../harness/operators/proximal.ts';
import { symmetricEigen } from '../../harness/operators/symmetric-eigen.ts';
import { useDevice } from '../support/device.ts';
import { difference, gaussian, norm, operators, shape } from './support.ts';

const images = [2, ...shape];

/** Half the gradient of ||y - A x||^2 + lambda ||x - x0||^2, zero at the minimum. */
function gradient(A: Operator, x: Tensor, y: Tensor, x0: Tensor, lambda: number): Tensor {
  return tf.add(A.adjoint!(tf.sub(A.forward(x), y)), tf.mul(tf.sub(x, x0), lambda));
}

function problem(make: () => Operator) {
  const A = make();
  const y = A.forward(gaussian(1, images));
  return { A, y, x0: gaussian(2, images) };
}

describe.each(['cpu-reference', 'cpu'] as const)('on %s', (device) => {
  beforeAll(() => useDevice(device));

  describe('closed forms', () => {
    const closed = Object.entries(operators).filter(([name]) => !name.startsWith('motion'));

    it.each(closed)('%s: the gradient is zero at the solution, lambda = 1 and 0.01', async (_, make) => {
      const { A, y, x0 } = problem(make);
      for (const lambda of [1, 0.01]) {
        const solution = A.proximal!(y, x0, tf.scalar(lambda));
        expect(await norm(gradient(A, solution, y, x0, lambda))).toBeLessThan(2e-7 * (await norm(x0)));
      }
    });

    it('inpainting: as lambda -> 0 the observed pixels are the measurement exactly', async () => {
      const { A, y, x0 } = problem(operators.inpainting!);
      expect(await difference(A.forward(A.proximal!(y, x0, 0)), y)).toBe(0);
    });

    it('super-resolution: as lambda -> 0 the solution reproduces the measurement', async () => {
      const { A, y, x0 } = problem(operators['super-resolution x4']!);
      expect(await difference(A.forward(A.proximal!(y, x0, 0)), y)).toBeLessThan(1e-5 * (await norm(y)));
    });

    it('a large lambda returns x0', async () => {
      const { A, y, x0 } = problem(operators['gaussian blur']!);
      expect(await difference(A.proximal!(y, x0, 1e8), x0)).toBeLessThan(1e-6 * (await norm(x0)));
    });
  });

  describe('the regularised inverse', () => {
    it.each(Object.entries(operators))(
      '%s: A^T (A A^T + lambda)^-1 takes (A A^T + lambda) v to A^T v',
      async (_, make) => {
        const A = make();
        const v = gaussian(3, A.forward(gaussian(1, images)).shape);
        const r = tf.add(A.forward(A.adjoint!(v)), tf.mul(v, 4));
        const found = regularisedInverse(A, A.restrict?.(r) ?? r, 4);
        const expected = A.adjoint!(v);
        expect(await difference(found, expected)).toBeLessThan(1e-3 * (await norm(expected)));
      },
    );

    it('is the pseudo-inverse for lambda = 0, and where there is none what a few conjugate gradients find', async () => {
      const { A, y } = problem(operators['block average']!);
      expect(await difference(regularisedInverse(A, y, 0), A.pseudoInverse!(y))).toBe(0);
      const blur = problem(operators['gaussian blur']!);
      const found = blur.A.forward(regularisedInverse(blur.A, blur.y, 0));
      expect(await difference(found, blur.y)).toBeLessThan(0.3 * (await norm(blur.y)));
    });
  });

  describe('conjugate gradients', () => {
    it.each(Object.entries(operators))('%s: converge to the minimum', async (_, make) => {
      const { A, y, x0 } = problem(make);
      const solution = proximalByCg(A, y, x0, 1, 30);
      expect(await norm(gradient(A, solution, y, x0, 1))).toBeLessThan(2e-7 * (await norm(x0)));
    });

    it('take a measurement of any rank', async () => {
      const { A, y, x0 } = problem(operators['super-resolution x4']!);
      const flat: Operator = {
        ...A,
        forward: (x) => tf.reshape(A.forward(x), [2, -1]),
        adjoint: (v) => A.adjoint!(tf.reshape(v, y.shape)),
      };
      const solution = proximalByCg(flat, tf.reshape(y, [2, -1]), x0, 1, 5);
      expect(await difference(solution, proximalByCg(A, y, x0, 1, 5))).toBe(0);
    });

    it('stay where they are, without 0/0, when x0 already is the solution', async () => {
      const { A, x0 } = problem(operators['gaussian blur']!);
      const solution = proximalByCg(A, A.forward(x0), x0, tf.scalar(1), 5);
      expect(await difference(solution, x0)).toBe(0);
    });

    it('step each image on its own: a batch of 2 equals its images alone', async () => {
      const A = operators['gaussian blur']!();
      const [x0, truth] = [gaussian(2, images), gaussian(1, images)];
      const scaled = tf.mul(truth, tf.tensor4d([1, 100], [2, 1, 1, 1]));
      const y = A.forward(scaled);
      const image = (t: Tensor, i: number) => tf.slice(t, [i, 0, 0, 0], [1, ...t.shape.slice(1)]);
      const together = proximalByCg(A, y, x0, 1, 5);
      for (const i of [0, 1]) {
        const alone = proximalByCg(A, image(y, i), image(x0, i), 1, 5);
        expect(await difference(image(together, i), alone)).toBe(0);
      }
    });

    it('agree with the closed form', async () => {
      const { A, y, x0 } = problem(operators['super-resolution x4']!);
      const closed = A.proximal!(y, x0, 1);
      expect(await difference(proximalByCg(A, y, x0, 1, 30), closed)).toBeLessThan(
        1e-5 * (await norm(closed)),
      );
    });
  });
});

describe('symmetric eigen-decomposition', () => {
  const random = normals({ seed: 0, role: 'sample', image: 'eigen', draw: 0 }, 40 * 40);
  const symmetricNoise = (i: number, j: number) => random[i * 40 + j]! + random[j * 40 + i]!;

  it.each<[string, number, (i: number, j: number) => number]>([
    ['a random matrix', 40, symmetricNoise],
    ['one row', 1, () => 3],
    ['two rows', 2, (i, j) => (i === j ? 2 : 1)],
    ['a diagonal', 6, (i, j) => (i === j ? i - 2 : 0)],
    ['repeated eigenvalues', 8, (i, j) => (i === j ? 2 : 1)],
    ['rank one', 9, (i, j) => (i + 1) * (j + 1)],
    ['zero', 4, () => 0],
    ['a split tridiagonal', 6, (i, j) => (Math.abs(i - j) === 1 && Math.min(i, j) !== 2 ? 1 : 0)],
  ])('%s: M = V diag(values) V^T with orthonormal V', (_, n, entry) => {
    const data = Float64Array.from({ length: n * n }, (_, k) => entry(Math.floor(k / n), k % n));
    const { values: eigenvalues, vectors } = symmetricEigen({ rows: n, columns: n, data });
    const scale = Math.max(1, ...data.map(Math.abs));
    const v = (i: number, j: number) => vectors.data[i * n + j]!;
    const sum = (term: (k: number) => number) =>
      Array.from({ length: n }, (_, k) => term(k)).reduce((a, b) => a + b);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        expect(sum((k) => v(i, k) * eigenvalues[k]! * v(j, k)) / scale).toBeCloseTo(
          data[i * n + j]! / scale,
          12,
        );
        expect(sum((k) => v(k, i) * v(k, j))).toBeCloseTo(i === j ? 1 : 0, 12);
      }
    }
  });
});
