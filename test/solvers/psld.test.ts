import { beforeAll, describe, expect, it } from 'vitest';
import { type Compile, compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { LatentPrior } from '../../harness/priors/prior.ts';
import psld from '../../harness/solvers/psld.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior } from '../support/fake-prior.ts';
import { misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

type Step = { args: Record<string, Tensor | number>; z: Tensor };

/** Eager steps of which each call's arguments and latent are kept. */
function recording(): { compile: Compile; steps: Step[] } {
  const steps: Step[] = [];
  const compile = ((fn: never) => {
    const step = compileEager(fn) as unknown as (args: Step['args']) => Promise<{ z: Tensor; z0: Tensor }>;
    return async (args: Step['args']) => {
      const kept: Step['args'] = {};
      for (const [key, value] of Object.entries(args))
        kept[key] = typeof value === 'number' ? value : tf.clone(value);
      const result = await step(args);
      steps.push({ args: kept, z: tf.clone(result.z) });
      return result;
    };
  }) as unknown as Compile;
  return { compile, steps };
}

const norms = (x: Tensor) => tf.sum(tf.sqrt(tf.sum(tf.square(tf.reshape(x, [x.shape[0]!, -1])), 1)));

describe('PSLD in its public form', () => {
  const params = { steps: 4, variant: 'public-code', omega: 0.7, gamma: 0.2 } as const;
  const transposes: Record<string, (y: Tensor, A: Tensor) => Tensor> = {
    'super-resolution': (y) => {
      const [b, c, h, w] = y.shape as [number, number, number, number];
      const tiled = tf.tile(tf.reshape(y, [b * c * h, 1, w, 1]), [1, 4, 1, 4]);
      return tf.reshape(tiled, [b, c, 4 * h, 4 * w]);
    },
    'gaussian blur': (y) => y,
    inpainting: (y, mask) => tf.mul(y, mask),
  };

  it.each(Object.keys(operators))('%s: each step is that of the code (SOLVERS.md 3.3)', async (name) => {
    const prior = fakePrior();
    const made = { ...problem(prior, operators[name]!(), 2), sigma: 0.3 };
    const { A, y, sigma } = made;
    const mask = name === 'inpainting' ? A.forward(tf.ones(y.shape)) : tf.scalar(1);
    const transpose = (r: Tensor) => transposes[name]!(r, mask);
    const { compile, steps } = recording();
    await run(psld, made, prior, params, { compile });
    expect(steps).toHaveLength(4);
    for (const { args, z: moved } of steps) {
      const { t, alphaBar: a, alphaBarNext: next } = args as Record<string, number>;
      const { z, c, fresh, posterior } = args as Record<string, Tensor>;
      const noise = (z: Tensor) => prior.predict(z, tf.scalar(t!), c!).noise;
      const tweedie = (z: Tensor) => tf.div(tf.sub(z, tf.mul(noise(z), Math.sqrt(1 - a!))), Math.sqrt(a!));
      const loss = (z: Tensor) => {
        const z0 = tweedie(z);
        const xh = prior.decode(z0);
        const r1 = tf.sub(tf.add(A.forward(xh), tf.mul(tf.mul(fresh!, mask), sigma)), y);
        const xg = tf.sub(tf.add(transpose(y), xh), transpose(A.forward(xh)));
        const r2 = tf.sub(tf.add(prior.encode(xg), tf.mul(posterior!, 0.1)), z0);
        return tf.add(tf.mul(norms(r1), 0.7), tf.mul(norms(r2), 0.2));
      };
      const ddim = tf.add(tf.mul(tweedie(z!), Math.sqrt(next!)), tf.mul(noise(z!), Math.sqrt(1 - next!)));
      const expected = await tf.sub(ddim, tf.grad(loss)(z!)).data();
      (await moved.data()).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 4);
      });
    }
  });

  it('draws both noises anew at each step, for each image', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['super-resolution']!(), 2);
    const { compile, steps } = recording();
    await run(psld, made, prior, params, { compile });
    const draws = steps.flatMap(({ args }) =>
      [args.fresh, args.posterior].flatMap((gaussian) => {
        const [first, second] = tf.unstack(gaussian as Tensor);
        return [first!.dataSync().join(), second!.dataSync().join()];
      }),
    );
    expect(new Set(draws).size).toBe(16);
  });

  it('still fits the measurement, each image as if it were alone', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const twenty = { steps: 20, variant: 'public-code' };
    const { restored } = await run(psld, made, prior, twenty);
    const unguided = await run(psld, made, prior, { ...twenty, omega: 0, gamma: 0 });
    expect(await misfit(made, restored)).toBeLessThan(0.8 * (await misfit(made, unguided.restored)));
    const second = tf.slice(made.y, [1, 0, 0, 0], [1, ...made.y.shape.slice(1)]);
    const alone = await run(psld, { ...made, y: second }, prior, twenty, { ids: ['b'] });
    alone.restored.forEach((value, i) => {
      expect(value).toBeCloseTo(restored[restored.length / 2 + i]!, 5);
    });
  });
});

it("by default PSLD is the paper's: no noise is drawn, the posterior's mean is taken, A^T is the adjoint", async () => {
  const never = () => {
    throw new Error('not in the paper');
  };
  const prior: LatentPrior = { ...fakePrior(), encodeSample: never };
  const A = { ...operators['super-resolution']!(), dpsTranspose: never };
  const made = problem(prior, A, 2);
  const { compile, steps } = recording();
  await run(psld, made, prior, { steps: 3 }, { compile });
  for (const { args } of steps) expect(args).toMatchObject({ fresh: 0, posterior: 0, gaussian: 0 });
});
