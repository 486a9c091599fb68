import { beforeAll, describe, expect, it } from 'vitest';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { ddpmBetas } from '../../harness/priors/ddpm.ts';
import type { PixelPrior } from '../../harness/priors/prior.ts';
import { alphasCumprod } from '../../harness/priors/schedule.ts';
import dps from '../../harness/solvers/dps.ts';
import { useDevice } from '../support/device.ts';
import { gaussian, image, misfit, operators, run } from './support.ts';

const betas = ddpmBetas({
  beta_schedule: 'linear',
  beta_start: 0.0001,
  beta_end: 0.02,
  num_train_timesteps: 1000,
});

/** The exact noise of images whose pixels are N(0, 0.5^2), so that the prior pulls everything towards grey. */
function fakePixelPrior(): PixelPrior & { times: number[] } {
  const alphaBars = tf.tensor1d(Float32Array.from(alphasCumprod(betas)));
  const times: number[] = [];
  return {
    space: 'pixel',
    name: 'fake',
    toy: true,
    imageShape: image,
    betas,
    weightsSha256: '0'.repeat(64),
    times,
    predict(x, t) {
      times.push(t.dataSync()[0]!);
      const bar = tf.gather(alphaBars, tf.cast(t, 'int32'));
      const variance = tf.add(tf.mul(bar, 0.25), tf.sub(1, bar));
      return { noise: tf.mul(x, tf.div(tf.sqrt(tf.sub(1, bar)), variance)), variance: tf.zerosLike(x) };
    },
    dispose: () => alphaBars.dispose(),
  };
}

function problem(name: string, batch = 2) {
  const A = operators[name]!();
  const truth = tf.mul(gaussian(0, [batch, ...image]), 0.5);
  const clean = A.forward(truth);
  return { A, sigma: 0.01, y: tf.add(clean, tf.mul(gaussian(1, clean.shape), 0.01)) };
}

beforeAll(() => useDevice('cpu-reference'));

describe('dps', () => {
  it.each(Object.keys(operators))(
    '%s: fits the measurement better than the unguided sampler',
    async (name) => {
      const made = problem(name);
      const guided = await run(dps, made, fakePixelPrior(), { steps: 50 });
      const unguided = await run(dps, made, fakePixelPrior(), { steps: 50, zeta: 0 });
      expect(guided.restored.every(Number.isFinite)).toBe(true);
      expect(await misfit(made, guided.restored)).toBeLessThan(0.8 * (await misfit(made, unguided.restored)));
    },
  );

  it('without guidance samples the prior: pixels of deviation 0.5', async () => {
    const { restored } = await run(dps, problem('inpainting'), fakePixelPrior(), { steps: 250, zeta: 0 });
    const square = restored.reduce((sum, v) => sum + v * v, 0) / restored.length;
    expect(Math.sqrt(square)).toBeGreaterThan(0.45);
    expect(Math.sqrt(square)).toBeLessThan(0.55);
  });

  it('takes norms of each image: a batch of 2 equals two batches of 1', async () => {
    const made = problem('gaussian blur');
    const together = await run(dps, made, fakePixelPrior(), { steps: 10 });
    const size = together.restored.length / 2;
    for (const [i, id] of ['a', 'b'].entries()) {
      const y = tf.slice(made.y, [i, 0, 0, 0], [1, ...made.y.shape.slice(1)]);
      const alone = await run(dps, { ...made, y }, fakePixelPrior(), { steps: 10 }, { ids: [id] });
      together.restored.subarray(i * size, (i + 1) * size).forEach((value, k) => {
        expect(value).toBeCloseTo(alone.restored[k]!, 5);
      });
    }
  });

  it('walks the training steps evenly from the last to the first, one pass there and back each', async () => {
    const prior = fakePixelPrior();
    const { progress, calls } = await run(dps, problem('inpainting'), prior, { steps: 4 });
    expect(prior.times).toEqual([999, 666, 333, 0]);
    expect(progress).toEqual([1, 2, 3, 4].map((n) => [n, 4]));
    expect(calls).toEqual({ unetForward: 4, unetBackward: 4 });
  });

  it('adds no noise at the last step, and new noise at each other one', async () => {
    const drawn: string[] = [];
    const compile = ((fn: (args: { gaussian: Tensor }) => Tensor) => {
      const step = compileEager(fn as never) as unknown as (args: { gaussian: Tensor }) => Promise<unknown>;
      return (args: { gaussian: Tensor }) => {
        drawn.push(args.gaussian.dataSync().join());
        return step(args);
      };
    }) as unknown as typeof compileEager;
    await run(dps, problem('inpainting'), fakePixelPrior(), { steps: 4 }, { compile });
    expect(new Set(drawn).size).toBe(4);
    expect(new Set(drawn.at(-1)!.split(','))).toEqual(new Set(['0']));
  });

  it('keeps its memory flat', async () => {
    const prior = fakePixelPrior();
    const made = problem('super-resolution');
    const left = async (steps: number) => {
      const before = tf.memory().numTensors;
      await run(dps, made, prior, { steps });
      return tf.memory().numTensors - before;
    };
    expect(await left(20)).toBe(await left(5));
  });
});
