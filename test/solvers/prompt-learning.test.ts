/** Prompts that are learned from pictures: at which times, by which loss, from which pictures. */
import { beforeAll, describe, expect, it } from 'vitest';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { ddim, reading } from '../../harness/solvers/parts/grids.ts';
import {
  afterLearning,
  exampleLatents,
  type LearningAt,
  learned,
  unlearned,
} from '../../harness/solvers/parts/prompt-learning.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, gaussian } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const values = (x: Tensor) => x.dataSync() as Float32Array;

describe('a walk after learning', () => {
  const prior = () => fakePrior();
  const own = () => ddim(prior(), { steps: 5, eta: 0 });

  it('learns at times that are spread evenly over all of the prior, however few', () => {
    for (const count of [10, 50, 300]) {
      const times = afterLearning(prior(), own(), count)
        .legs.slice(0, count)
        .map(({ t }) => t);
      for (const fifth of [0, 1, 2, 3, 4]) {
        const there = times.filter((t) => Math.floor(t / 200) === fifth).length;
        expect(Math.abs(there - count / 5)).toBeLessThanOrEqual(2);
      }
    }
  });

  it('adds noise at each of them, and goes on as it would have gone', () => {
    const grid = afterLearning(prior(), own(), 3);
    expect(grid.legs.slice(3)).toEqual(own().legs);
    const coefficients = grid.coefficients(grid.legs);
    expect(coefficients.slice(3)).toEqual(own().coefficients(own().legs));
    for (const { t, signal, noise, fresh } of coefficients.slice(0, 3))
      expect({ signal, noise, fresh }).toEqual({ ...prior().schedule.level(t), fresh: 1 });
  });
});

describe('a step of learning', () => {
  const x0 = () => gaussian(5, [1, 4, 4, 4]);
  const start = () => gaussian(6, [2, 3, 5]);
  const at = (): LearningAt => ({
    ...reading(fakePrior(), { t: tf.scalar(400), signal: tf.scalar(0.8), noise: tf.scalar(0.6) }),
    gaussian: gaussian(7, [2, 4, 4, 4]),
  });

  it('goes down the mean squared error of the noise of its example, each image by itself', () => {
    const { c, loss: before } = learned(fakePrior(), unlearned(start()), x0(), at(), 0.01);
    const { loss: after } = learned(fakePrior(), unlearned(c), x0(), at(), 0.01);
    const { t, gaussian: n } = at();
    const x = tf.add(tf.mul(0.8, x0()), tf.mul(0.6, n));
    const e = fakePrior().predict(x, t, start()).value;
    const expected = values(tf.mean(tf.squaredDifference(e, n), [1, 2, 3]));
    for (const i of [0, 1]) {
      expect(values(before)[i]).toBeCloseTo(expected[i]!, 5);
      expect(values(after)[i]).toBeLessThan(values(before)[i]!);
    }
  });

  it('moves no number of a prompt by more than its rate, at first', () => {
    const { c } = learned(fakePrior(), unlearned(start()), x0(), at(), 0.01);
    const moved = values(tf.abs(tf.sub(c, start())));
    expect(Math.max(...moved)).toBeLessThan(0.0101);
    expect(Math.min(...moved)).toBeGreaterThan(0.0099);
  });
});

it('examples come in their order, and from the first again', async () => {
  const prior = fakePrior();
  const pictures = (draw: number, count: number) => tf.tanh(gaussian(draw, [count, ...prior.imageShape]));
  const domains = { from: pictures(8, 3), to: pictures(9, 2) };
  const shown = await exampleLatents(async () => domains, prior, { compile: compileEager });
  const latent = (x: Tensor, i: number) =>
    values(prior.autoencoder.encode(tf.slice(x, [i, 0, 0, 0], [1, -1, -1, -1])));
  for (const k of [0, 2, 4]) {
    expect(values(shown(k).ofSource)).toEqual(latent(domains.from, k % 3));
    expect(values(shown(k).ofTarget)).toEqual(latent(domains.to, k % 2));
  }
});
