import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { Operator } from '../../harness/operators/operator.ts';
import resample from '../../harness/solvers/resample.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const same: Operator = {
  name: 'same',
  linear: true,
  forward: tf.clone,
  adjoint: tf.clone,
  dispose: () => {},
};

it('a hard step: AdamW on the picture, its encoding weighed against the DDIM sample, and noise', async () => {
  const prior = fakePrior();
  const made = problem(prior, same, 2);
  const { encode, decode } = prior.autoencoder;
  const streams = new BatchStreams(0, ['a', 'b']);
  const z = streams.normal('initial', prior.shape);
  const n = streams.normal('step', prior.shape);

  const c = prior.text.embed(['', '']);
  const [{ t, next }] = prior.schedule.legs(2) as [{ t: number; next: number }];
  const [now, then] = [prior.schedule.level(t), prior.schedule.level(next)];
  const e = prior.predict(z, tf.scalar(t), c).value;
  const z0 = tf.div(tf.sub(z, tf.mul(now.noise, e)), now.signal);
  const ddim = tf.add(tf.mul(then.signal, z0), tf.mul(then.noise, e));
  // Adam's first step is its rate, against the sign of the gradient; the decay is rate times 0.01.
  const x = tf.sub(tf.mul(decode(z0), 1 - 0.01 * 0.01), tf.mul(0.01, tf.sign(tf.sub(decode(z0), made.y))));
  const [a, b] = [now.signal ** 2, then.signal ** 2];
  const s = ((25 * (1 - b)) / (1 - a)) * (1 - a / b);
  const mean = tf.div(tf.add(tf.mul(s * Math.sqrt(b), encode(x)), tf.mul(1 - b, ddim)), s + 1 - b);
  const expected = tf.add(mean, tf.mul(Math.sqrt(1 / (1 / s + 1 / (1 - b))), n));

  const states: Tensor[] = [];
  const params = { steps: 2, interval: 1, gamma: 25, pixelIterations: 1 };
  await run(resample, made, prior, params, {
    onStep: (_, state) => states.push(tf.keep(tf.clone(state.z as Tensor))),
  });
  expect(apart(await states[0]!.data(), await expected.data())).toBeLessThan(1e-4);
});

describe('the public code', () => {
  const params = {
    steps: 9,
    interval: 2,
    variant: 'public-code',
    pixelIterations: 5,
    latentIterations: 4,
  } as const;

  it('looks ahead no further than the last step', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const { calls } = await run(resample, made, prior, params);
    // Hard steps with 2, 4 and 6 steps left: two, four and five of them ahead.
    expect(calls.unetForward).toBe(9 + 2 + 4 + 5);
    expect(resample.passes!(resample.params.parse(params))).toBe(calls.unetForward);
    expect(calls.unetBackward).toBe(9);
    // Of each step's gradient, of two starts among pictures, of four iterations among latents twice, of the result.
    expect([calls.decoder, calls.encoder]).toEqual([9 + 2 + 2 * 4 + 1, 2]);
  });

  it('has 33 hard steps of 500, five ahead at each', () => {
    const all = resample.params.parse({ variant: 'public-code' });
    expect(resample.passes!(all)).toBe(500 + 33 * 5);
    expect(resample.passes!({ ...all, variant: 'paper' })).toBe(500);
  });

  it('gives a picture whatever its neighbours in the batch are', async () => {
    const prior = fakePrior();
    const made = problem(prior, same, 2);
    const easier = { ...params, tolerance: 0.6, pixelIterations: 40 };
    const together = await run(resample, made, prior, easier);
    for (const [i, id] of ['a', 'b'].entries()) {
      const y = tf.slice(made.y, [i, 0, 0, 0], [1, 3, 16, 16]);
      const alone = await run(resample, { ...made, y }, prior, easier, { ids: [id] });
      const size = alone.restored.length;
      const among = together.restored.subarray(i * size, (i + 1) * size);
      expect(apart(among, alone.restored)).toBeLessThan(1e-4);
    }
  });

  it('leaves as many tensors after twice the steps', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const left = async (steps: number) => {
      const before = tf.memory().numTensors;
      await run(resample, made, prior, { ...params, steps });
      return tf.memory().numTensors - before;
    };
    expect(await left(12)).toBe(await left(6));
  });
});
