import { beforeAll, expect, it } from 'vitest';
import { upsampleNearest } from '../../harness/engine/ops.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import psld from '../../harness/solvers/psld.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const norms = (x: Tensor) => tf.sum(tf.sqrt(tf.sum(tf.square(tf.reshape(x, [x.shape[0]!, -1])), 1)));

it.each([
  ['super-resolution', (y: Tensor) => upsampleNearest(y, [16, 16])],
  ['gaussian blur', (y: Tensor) => y],
  ['inpainting', (y: Tensor) => y],
] as const)(
  'one step of the public code on %s: fresh noise on A x, a sampled encoding, its own transpose',
  async (name, transpose) => {
    const prior = fakePrior();
    const posed = problem(prior, operators[name]!(), 2);
    // The code's measurement is noisy where A sees nothing, too.
    const made = { ...posed, y: tf.add(posed.y, 0.1) };
    const { y, A, sigma } = made;
    const { encodeSample, decode } = prior.autoencoder;
    const streams = new BatchStreams(0, ['a', 'b']);
    const z = streams.normal('initial', prior.shape);
    const fresh = streams.normal('step', y.shape.slice(1));
    const posterior = streams.normal('step', prior.shape);
    const [omega, gamma] = [0.7, 0.2];

    const c = prior.text.embed(['', '']);
    const [{ t, next }] = prior.schedule.legs(1) as [{ t: number; next: number }];
    const [now, then] = [prior.schedule.level(t), prior.schedule.level(next)];
    const noise = (z: Tensor) => prior.predict(z, tf.scalar(t), c).value;
    const clean = (z: Tensor) => tf.div(tf.sub(z, tf.mul(now.noise, noise(z))), now.signal);
    const loss = (z: Tensor) => {
      const z0 = clean(z);
      const x = decode(z0);
      const misfit = norms(tf.sub(y, tf.add(A.forward(x), tf.mul(sigma, fresh))));
      const glued = tf.add(x, transpose(tf.sub(y, A.forward(x))));
      const gluing = norms(tf.sub(encodeSample(glued, posterior), z0));
      return tf.add(tf.mul(omega, misfit), tf.mul(gamma, gluing)).asScalar();
    };
    const ddim = tf.add(tf.mul(then.signal, clean(z)), tf.mul(then.noise, noise(z)));
    const expected = await tf.sub(ddim, tf.grad(loss)(z)).data();

    let found: Tensor | undefined;
    await run(
      psld,
      made,
      prior,
      { steps: 1, variant: 'public-code', omega, gamma },
      {
        onStep: (_, state) => {
          found = tf.keep(tf.clone(state.z as Tensor));
        },
      },
    );
    const values = await found!.data();
    expect(values.length).toBe(expected.length);
    values.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 4);
    });
  },
);
