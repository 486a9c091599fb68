import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import p2l from '../../harness/solvers/p2l.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const batch = 2;
/** The first draw of a run's start, which does not depend on the solver. */
async function startOf(prior: ReturnType<typeof fakePrior>): Promise<Tensor> {
  let start: Tensor | undefined;
  const params = { steps: 1, promptSteps: 0, proxEvery: null, latentStep: 0 };
  const watched = {
    ...prior,
    predict: (z: Tensor, t: Tensor, c?: Tensor) => {
      start ??= tf.keep(tf.clone(z));
      return prior.predict(z, t, c);
    },
  };
  await run(p2l, problem(prior, operators.inpainting!(), batch), watched, params);
  return start!;
}

describe('one step of Algorithm 1', () => {
  const params = { promptLr: 0.02, latentStep: 0.3, proxLambda: 0.7, promptInit: 'a face' };

  it.each([
    ['proximal', 1],
    ['gluing', 1],
    ['re-encode', 1],
    ['proximal', 3],
  ] as const)('with %s, guidance %d is the formulas written out', async (projection, w) => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), batch);
    const { y, A } = made;
    const { encode, decode } = prior.autoencoder;
    const z = await startOf(prior);
    const [u, c0] = [prior.text.embed(['', '']), prior.text.embed(['a face', 'a face'])];
    const [{ t, next }] = prior.schedule.legs(1) as [{ t: number; next: number }];
    const [now, then] = [prior.schedule.level(t), prior.schedule.level(next)];
    const noise = (z: Tensor, c: Tensor) => {
      const e = prior.predict(z, tf.scalar(t), c).value;
      const free = prior.predict(z, tf.scalar(t), u).value;
      return w === 1 ? e : tf.add(tf.mul(w, e), tf.mul(1 - w, free));
    };
    const clean = (z: Tensor, c: Tensor) => tf.div(tf.sub(z, tf.mul(now.noise, noise(z, c))), now.signal);
    const squares = (r: Tensor) => tf.sum(tf.square(r), [1, 2, 3]);
    const residual = (z: Tensor, c: Tensor) => tf.sub(y, A.forward(decode(clean(z, c))));

    // Adam's first step has the size of its rate: m / (sqrt(v) + 1e-8) with both bias-corrected.
    const g = tf.grad((c: Tensor) => tf.sum(squares(residual(z, c))))(c0);
    const c = tf.sub(c0, tf.mul(params.promptLr, tf.div(g, tf.add(tf.abs(g), 1e-8))));
    const z0 = clean(z, c);
    const x = decode(z0);
    const picture = {
      proximal: () => A.proximal!(y, x, params.proxLambda),
      gluing: () => tf.add(x, A.adjoint!(tf.sub(y, A.forward(x)))),
      're-encode': () => x,
    }[projection]();
    const projected = encode(tf.clipByValue(picture, -1, 1));
    const gradient = tf.grad((z: Tensor) => tf.sum(tf.sqrt(squares(residual(z, c)))))(z);
    const ddim = tf.add(tf.mul(then.signal, projected), tf.mul(then.noise, noise(z, c)));
    const expected = tf.sub(ddim, tf.mul(params.latentStep, gradient));

    let last: Tensor | undefined;
    const options = { steps: 1, ...params, projection, cfgScale: w };
    const { restored } = await run(p2l, made, prior, options, {
      onStep: (_, state) => {
        last = tf.keep(tf.clone(state.z as Tensor));
      },
    });
    await close(last!, expected);
    await close(tf.tensor(restored, [batch, 3, 16, 16]), decode(projected));
  });
});

async function close(found: Tensor, expected: Tensor): Promise<void> {
  const [a, b] = [await found.data(), await expected.data()];
  expect(a.length).toBe(b.length);
  a.forEach((value, i) => {
    expect(value).toBeCloseTo(b[i]!, 4);
  });
}

describe('projection', () => {
  it.each([50, 100, 999])('N = %i steps project ceil(N / 8) times', async (steps) => {
    const prior = fakePrior();
    const made = problem(prior, operators.inpainting!(), 1);
    const { calls } = await run(p2l, made, prior, { steps, promptSteps: 0 }, { ids: ['a'] });
    expect(calls.encoder).toBe(Math.ceil(steps / 8));
  });

  it('with proxEvery 1 happens at each step', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators.inpainting!(), batch);
    expect((await run(p2l, made, prior, { steps: 7, proxEvery: 1 })).calls.encoder).toBe(7);
  });
});

describe('the prompt', () => {
  it('keeps its moments from step to step', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['super-resolution']!(), batch);
    const corrections: number[] = [];
    await run(
      p2l,
      made,
      prior,
      { steps: 5, promptSteps: 2 },
      {
        onStep: (_, { adam }) => {
          corrections.push((adam as { correction1: Tensor }).correction1.dataSync()[0]!);
        },
      },
    );
    expect(corrections).toHaveLength(5);
    corrections.forEach((value, n) => {
      expect(value).toBeCloseTo(1 - 0.9 ** (2 * (n + 1)), 6);
    });
  });

  it('lowers the loss that it is tuned for', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['super-resolution']!(), batch);
    const still = { steps: 10, latentStep: 0, proxEvery: null };
    const untuned = await run(p2l, made, prior, { ...still, promptSteps: 0 });
    const tuned = await run(p2l, made, prior, { ...still, promptSteps: 5, promptLr: 0.02 });
    expect(await misfit(made, tuned)).toBeLessThan(0.95 * (await misfit(made, untuned)));
  });
});
