import { beforeAll, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import stsl from '../../harness/solvers/stsl.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { apart } from '../support/apart.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const prior = fakePrior();
const { encode, decode } = prior.autoencoder;
const [{ t, next }] = prior.schedule.legs(1) as [{ t: number; next: number }];
const { signal, noise } = prior.schedule.level(t);

/** The state and the estimate after the one step that a run has. */
async function afterOneStep(
  made: ReturnType<typeof problem>,
  of: typeof prior,
  params: { updates: number; nu: number; eta: number },
): Promise<{ z: Float32Array; z0: Float32Array }> {
  const seen: Record<string, Float32Array> = {};
  await run(
    stsl,
    made,
    of,
    { steps: 1, ...params },
    {
      onStep: (_, state) => {
        for (const name of ['z', 'z0']) seen[name] = (state[name] as Tensor).dataSync() as Float32Array;
      },
    },
  );
  return seen as { z: Float32Array; z0: Float32Array };
}

it('the trace of the score: of a noise that is quadratic in z, the gradient is known', async () => {
  // e = k z^2: the probe r sees -(r^2 2 k z + h r^3 k) / noise, whose gradient is -2 k r^2 / noise; of d = 64 entries.
  const k = 0.05;
  const quadratic = { ...prior, predict: (z: Tensor) => ({ value: tf.mul(k, tf.square(z)) }) };
  const made = problem(prior, operators.inpainting!(), 2);
  const streams = new BatchStreams(0, ['a', 'b']);
  const known = encode(made.A.pseudoInverse!(made.y));
  const start = tf.add(tf.mul(signal, known), tf.mul(noise, streams.normal('initial', prior.shape)));
  const eta = 20;
  let z = start;
  for (let update = 0; update < 2; update++)
    z = tf.add(z, tf.mul((eta * 2 * k) / (64 * noise), tf.square(streams.normal('step', prior.shape))));
  const e = tf.mul(k, tf.square(z));
  const z0 = tf.div(tf.sub(z, tf.mul(noise, e)), signal);
  const then = prior.schedule.level(next);

  const found = await afterOneStep(made, quadratic, { updates: 2, nu: 0, eta });
  expect(apart(found.z0, z0.dataSync())).toBeLessThan(1e-4);
  const expected = tf.add(tf.mul(then.signal, z0), tf.mul(then.noise, e));
  expect(apart(found.z, expected.dataSync())).toBeLessThan(1e-4);
});

it('without the trace an update follows the norm of the misfit; the start is A^T y where A has no inverse', async () => {
  const made = problem(prior, operators['gaussian blur']!(), 2);
  expect(made.A.pseudoInverse).toBeUndefined();
  const c = prior.text.embed(['', '']);
  const clean = (z: Tensor) =>
    tf.div(tf.sub(z, tf.mul(noise, prior.predict(z, tf.scalar(t), c).value)), signal);
  const misfit = (z: Tensor) => {
    const residual = tf.sub(made.y, made.A.forward(decode(clean(z))));
    return tf.sum(tf.sqrt(tf.sum(tf.square(tf.reshape(residual, [2, -1])), 1))).asScalar();
  };
  const drawn = new BatchStreams(0, ['a', 'b']).normal('initial', prior.shape);
  const start = tf.add(tf.mul(signal, encode(made.A.adjoint!(made.y))), tf.mul(noise, drawn));
  const moved = tf.sub(start, tf.mul(0.6, tf.grad(misfit)(start)));

  const found = await afterOneStep(made, prior, { updates: 1, nu: 0.6, eta: 0 });
  expect(apart(found.z0, clean(moved).dataSync())).toBeLessThan(1e-4);
});
