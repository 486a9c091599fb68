import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { adamInit, adamStep, norm, sumSquares } from '../../harness/solvers/parts/gradients.ts';
import { useDevice } from '../support/device.ts';
import { gaussian } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

describe('norms', () => {
  it('are of each image, not of the batch', async () => {
    const x = tf.tensor4d([3, 4, 0, 12], [2, 1, 1, 2]);
    expect(Array.from(await norm(x).data())).toEqual([5, 12]);
    expect(Array.from(await sumSquares(x).data())).toEqual([25, 144]);
  });

  it('have the gradient x / ||x|| of each image, and 0 where the residual is 0', async () => {
    const x = tf.tensor4d([3, 4, 0, 0], [2, 1, 1, 2]);
    const gradient = await tf
      .grad((v) => tf.sum(norm(v)))(x)
      .data();
    [0.6, 0.8, 0, 0].forEach((expected, i) => {
      expect(gradient[i]).toBeCloseTo(expected, 6);
    });
  });
});

describe('Adam', () => {
  it("moves a variable as tfjs's own optimiser does", async () => {
    const target = gaussian(0, [6]);
    const loss = (v: ReturnType<typeof gaussian>) => tf.sum(tf.square(tf.sub(tf.mul(v, v), target)));
    const variable = tf.variable(tf.ones([6]));
    const optimizer = tf.train.adam(0.05, 0.9, 0.999, 1e-8);
    let mine = tf.ones([6]) as ReturnType<typeof gaussian>;
    let state = adamInit(mine);
    for (let i = 0; i < 25; i++) {
      optimizer.minimize(() => tf.scalar(1).mul(loss(variable)).asScalar(), false, [variable]);
      const { update, adam } = adamStep(state, tf.grad(loss)(mine), 0.05);
      mine = tf.sub(mine, update);
      state = adam;
    }
    const [a, b] = [await mine.data(), await variable.data()];
    a.forEach((value: number, i: number) => {
      expect(value).toBeCloseTo(b[i]!, 4);
    });
  });

  it('takes first steps of the size of its rate, whatever the size of the gradient', async () => {
    const { update } = adamStep(adamInit(tf.zeros([2])), tf.tensor1d([1e3, -1e-3]), 0.1);
    const [large, small] = await update.data();
    expect(large).toBeCloseTo(0.1, 6);
    expect(small).toBeCloseTo(-0.1, 5);
  });
});
