import { beforeAll, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import cfgpp from '../../harness/solvers/cfgpp.ts';
import psld from '../../harness/solvers/psld.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const norms = (x: Tensor) => tf.sum(tf.sqrt(tf.sum(tf.square(tf.reshape(x, [x.shape[0]!, -1])), 1)));

it('one step: the estimate and its loss under the guided noise, the way on with the unconditional one', async () => {
  const prior = fakePrior();
  const made = problem(prior, operators['gaussian blur']!(), 2);
  const { y, A } = made;
  const { encode, decode } = prior.autoencoder;
  const [prompt, lambda, omega, gamma] = ['a face', 0.3, 0.7, 0.2];

  const z = new BatchStreams(0, ['a', 'b']).normal('initial', prior.shape);
  const [{ t, next }] = prior.schedule.legs(1) as [{ t: number; next: number }];
  const [now, then] = [prior.schedule.level(t), prior.schedule.level(next)];
  const noise = (z: Tensor, text: string) =>
    prior.predict(z, tf.scalar(t), prior.text.embed([text, text])).value;
  const clean = (z: Tensor) => {
    const guided = tf.add(tf.mul(1 - lambda, noise(z, '')), tf.mul(lambda, noise(z, prompt)));
    return tf.div(tf.sub(z, tf.mul(now.noise, guided)), now.signal);
  };
  const loss = (z: Tensor) => {
    const [z0, x] = [clean(z), decode(clean(z))];
    const glued = tf.add(x, A.adjoint!(tf.sub(y, A.forward(x))));
    const misfit = norms(tf.sub(y, A.forward(x)));
    return tf.add(tf.mul(omega, misfit), tf.mul(gamma, norms(tf.sub(encode(glued), z0)))).asScalar();
  };
  const onwards = tf.add(tf.mul(then.signal, clean(z)), tf.mul(then.noise, noise(z, '')));
  const expected = await tf.sub(onwards, tf.grad(loss)(z)).data();

  let found: Tensor | undefined;
  const onStep = (_: unknown, state: Readonly<Record<string, unknown>>) => {
    found = tf.keep(tf.clone(state.z as Tensor));
  };
  await run(cfgpp, made, prior, { steps: 1, prompt, lambda, omega, gamma }, { onStep });
  expect(apart(await found!.data(), expected)).toBeLessThan(1e-5);
});

it('with lambda 0 it is PSLD under the null prompt', async () => {
  const prior = fakePrior();
  const made = problem(prior, operators.inpainting!(), 2);
  const params = { steps: 12, gamma: 0.3 };
  const { restored } = await run(psld, made, prior, params);
  const free = await run(cfgpp, made, prior, { ...params, lambda: 0, prompt: 'a face' });
  const led = await run(cfgpp, made, prior, { ...params, lambda: 0.6, prompt: 'a face' });
  expect(apart(free.restored, restored)).toBeLessThan(1e-5);
  expect(apart(led.restored, restored)).toBeGreaterThan(1e-3);
});
