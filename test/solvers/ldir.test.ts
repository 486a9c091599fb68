import { beforeAll, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import ldir from '../../harness/solvers/ldir.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const norm = (x: Tensor) => tf.sqrt(tf.sum(tf.square(x))).asScalar();

it("subtracts the gradients' running mean over the root of their running mean square", async () => {
  const prior = fakePrior();
  const made = problem(prior, operators['gaussian blur']!(), 1);
  const c = prior.text.embed(['']);
  const rate = 0.07;
  const states: Tensor[] = [];
  await run(
    ldir,
    made,
    prior,
    { steps: 4, rate },
    { ids: ['a'], onStep: (_, state) => states.push(tf.keep(tf.clone(state.z as Tensor))) },
  );

  const moments = { m: tf.zeros([1, ...prior.shape]), v: tf.zeros([1, ...prior.shape]) };
  let z: Tensor = new BatchStreams(0, ['a']).normal('initial', prior.shape);
  for (const [i, { t, next }] of prior.schedule.legs(4).entries()) {
    const [now, then] = [prior.schedule.level(t), prior.schedule.level(next)];
    const noise = (z: Tensor) => prior.predict(z, tf.scalar(t), c).value;
    const clean = (z: Tensor) => tf.div(tf.sub(z, tf.mul(now.noise, noise(z))), now.signal);
    const g = tf.grad((z) => norm(tf.sub(made.y, made.A.forward(prior.autoencoder.decode(clean(z))))))(z);
    moments.m = tf.add(tf.mul(0.9, moments.m), tf.mul(0.1, g));
    moments.v = tf.add(tf.mul(0.999, moments.v), tf.mul(0.001, tf.square(g)));
    const m = tf.div(moments.m, 1 - 0.9 ** (i + 1));
    const v = tf.div(moments.v, 1 - 0.999 ** (i + 1));
    const ddim = tf.add(tf.mul(then.signal, clean(z)), tf.mul(then.noise, noise(z)));
    const expected = tf.sub(ddim, tf.mul(rate, tf.div(m, tf.add(tf.sqrt(v), 1e-8))));
    expect(apart(await states[i]!.data(), await expected.data())).toBeLessThan(1e-4);
    z = states[i]!;
  }
});
