import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { LatentPrior } from '../../harness/priors/prior.ts';
import gmlDps from '../../harness/solvers/gml-dps.ts';
import ldps from '../../harness/solvers/ldps.ts';
import p2l from '../../harness/solvers/p2l.ts';
import { rangeProjection } from '../../harness/solvers/projection.ts';
import psld from '../../harness/solvers/psld.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior } from '../support/fake-prior.ts';
import { gaussian, misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

const off = { promptSteps: 0, proxEvery: null };

async function largest(a: Tensor): Promise<number> {
  return Math.max(...Array.from(await a.data(), Math.abs));
}

/** Eager steps that show each call's arguments and results. */
function watching(
  seen: (args: Record<string, Tensor>, result: Record<string, Tensor>) => Promise<void>,
): Compile {
  return ((fn: never) => {
    const step = compileEager(fn) as (args: Record<string, Tensor>) => Promise<Record<string, Tensor>>;
    return async (args: Record<string, Tensor>) => {
      const result = await step(args);
      await seen(args, result);
      return result;
    };
  }) as unknown as Compile;
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
    const { calls } = await run(p2l, problem(prior, operators.inpainting!(), 2), prior, {
      steps: 7,
      proxEvery: 1,
    });
    expect(calls.encoder).toBe(7);
  });

  it('as lambda -> 0 encodes a picture that agrees with a noiseless mask measurement exactly', async () => {
    const seen: Tensor[] = [];
    const prior = fakePrior();
    const watched: LatentPrior = { ...prior, encode: (x) => prior.encode(seen[seen.push(x) - 1]!) };
    const A = operators.inpainting!();
    const y = A.forward(tf.clipByValue(prior.decode(gaussian(5, [1, 4, 4, 4])), -1, 1));
    const project = rangeProjection({ y, A, sigma: 0 }, watched, {
      projection: 'proximal',
      proxSolver: 'closed',
      cgIters: 5,
      encodeMode: 'mean',
    });
    project(gaussian(6, [1, 4, 4, 4]), tf.scalar(0), tf.scalar(0));
    expect(await largest(tf.sub(A.forward(seen[0]!), y))).toBe(0);
  });

  it.each(['gaussian blur', 'super-resolution', 'inpainting'])(
    '%s: conjugate gradients stand in for the closed form',
    async (name) => {
      const prior = fakePrior();
      const made = problem(prior, operators[name]!(), 2);
      const closed = await run(p2l, made, prior, { steps: 8 });
      const cg = await run(p2l, made, prior, { steps: 8, proxSolver: 'cg', cgIters: 30 });
      closed.restored.forEach((value, i) => {
        expect(cg.restored[i]).toBeCloseTo(value, 4);
      });
    },
  );

  it.each([
    { projection: 'gluing' },
    { projection: 're-encode' },
    { encodeMode: 'sample' },
    { epsAfterProx: 'recompute' },
    { proxLambda: 10 },
  ])('%o changes the result', async (change) => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const usual = await run(p2l, made, prior, { steps: 16 });
    expect((await run(p2l, made, prior, { steps: 16, ...change })).restored).not.toEqual(usual.restored);
  });
});

it("encodeMode sample draws from the encoder's posterior at each projection, anew each time", async () => {
  const prior = fakePrior();
  const draws: Float32Array[] = [];
  const encodeSample: LatentPrior['encodeSample'] = (x, gaussian) => {
    draws.push(gaussian.dataSync() as Float32Array);
    return prior.encodeSample(x, gaussian);
  };
  const made = problem(prior, operators.inpainting!(), 2);
  await run(p2l, made, { ...prior, encodeSample }, { steps: 10, encodeMode: 'sample' });
  expect(draws.map(({ length }) => length)).toEqual([128, 128]);
  expect(draws[0]).not.toEqual(draws[1]);
});

describe('the prompt', () => {
  it('has a non-zero gradient for each image at every step, and its moments live on', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['super-resolution']!(), 2);
    let steps = 0;
    const compile = watching(async (args, result) => {
      if (!('c' in result)) return;
      steps++;
      for (const i of [0, 1]) {
        const moved = tf.slice(tf.sub(result.c!, args.c!), [i, 0, 0], [1, 3, 5]);
        expect(await largest(moved)).toBeGreaterThan(1e-5);
      }
      const { correction1 } = (result as unknown as { adam: { correction1: Tensor } }).adam;
      expect((await correction1.data())[0]).toBeCloseTo(1 - 0.9 ** steps, 6);
    });
    await run(p2l, made, prior, { steps: 10, promptSteps: 2 }, { compile });
    expect(steps).toBe(20);
  });

  it('starts Adam anew at each reverse step when told so', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['super-resolution']!(), 2);
    const corrections: number[] = [];
    const compile = watching(async (_, result) => {
      if (!('c' in result)) return;
      const { correction1 } = (result as unknown as { adam: { correction1: Tensor } }).adam;
      corrections.push((await correction1.data())[0]!);
    });
    await run(p2l, made, prior, { steps: 3, promptSteps: 2, promptOptimizerPersistent: false }, { compile });
    corrections.forEach((value, i) => {
      expect(value).toBeCloseTo(i % 2 === 0 ? 0.1 : 0.19, 6);
    });
  });

  it('that was tuned is the one the sampler predicts noise with', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['super-resolution']!(), 2);
    let tuned: Tensor | undefined;
    const compile = watching(async (args, result) => {
      if ('c' in result) tuned = result.c!;
      else if (tuned) expect(args.c).toBe(tuned);
    });
    const result = await run(p2l, made, prior, { steps: 10, promptLr: 0.05, proxEvery: null }, { compile });
    expect(tuned).toBeDefined();
    expect(result.restored).not.toEqual((await run(ldps, made, prior, { steps: 10 })).restored);
  });

  it('lowers the loss that it is tuned for', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['super-resolution']!(), 2);
    const still = { steps: 10, latentStep: 0, proxEvery: null };
    const untuned = await run(p2l, made, prior, { ...still, promptSteps: 0 });
    for (const promptLoss of ['sum-squares', 'mean-squares', 'norm']) {
      const tuned = await run(p2l, made, prior, { ...still, promptSteps: 5, promptLr: 0.02, promptLoss });
      expect(await misfit(made, tuned.restored)).toBeLessThan(0.95 * (await misfit(made, untuned.restored)));
    }
  });

  it('starts from the text it is given', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['super-resolution']!(), 2);
    const empty = await run(p2l, made, prior, { steps: 5 });
    expect((await run(p2l, made, prior, { steps: 5, promptInit: 'a face' })).restored).not.toEqual(
      empty.restored,
    );
  });
});

describe('special cases', () => {
  it.each([{}, { eta: 0.7 }])(
    'without prompt steps and projection it is LDPS, bit for bit (%o)',
    async (extra) => {
      const prior = fakePrior();
      const made = problem(prior, operators['gaussian blur']!(), 2);
      const reduced = await run(p2l, made, prior, { steps: 20, ...off, latentStep: 0.5, ...extra });
      expect(reduced.restored).toEqual(
        (await run(ldps, made, prior, { steps: 20, omega: 0.5, ...extra })).restored,
      );
    },
  );

  it('PSLD and GML-DPS without their second term are LDPS', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const { restored } = await run(ldps, made, prior, { steps: 20 });
    for (const solver of [psld, gmlDps]) {
      const same = await run(solver, made, prior, { steps: 20, gamma: 0 });
      same.restored.forEach((value, i) => {
        expect(value).toBeCloseTo(restored[i]!, 5);
      });
      expect((await run(solver, made, prior, { steps: 20 })).restored).not.toEqual(restored);
    }
  });

  it('PSLD is GML-DPS when the measurement already agrees with the estimate (A = 0)', async () => {
    const prior = fakePrior();
    const blind = { name: 'blind', linear: true, forward: (x: Tensor) => tf.mul(x, 0), dispose: () => {} };
    const A = { ...blind, adjoint: blind.forward };
    const made = { A, sigma: 0, y: tf.zeros([2, 3, 16, 16]) };
    const glued = await run(psld, made, prior, { steps: 10 });
    expect(glued.restored).toEqual((await run(gmlDps, made, prior, { steps: 10 })).restored);
    expect(glued.restored.every(Number.isFinite)).toBe(true); // its residual is 0 at every step
  });

  it('guidance of scale 1 is the tuned prompt alone; other scales take a second pass and change the result', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const params = { steps: 5, promptInit: 'a face' };
    const plain = await run(p2l, made, prior, params);
    const strong = await run(p2l, made, prior, { ...params, cfgScale: 3 });
    expect(strong.restored).not.toEqual(plain.restored);
    expect([plain.calls.unetForward, strong.calls.unetForward]).toEqual([10, 20]);
  });

  it('takes Adam steps on the latent, and starts from E(A^T y), when told so', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const unguided = await run(p2l, made, prior, { steps: 20, ...off, latentStep: 0 });
    const adam = await run(p2l, made, prior, { steps: 20, ...off, latentStepMode: 'adam', latentStep: 0.05 });
    expect(await misfit(made, adam.restored)).toBeLessThan(0.9 * (await misfit(made, unguided.restored)));
    const started = await run(p2l, made, prior, { steps: 20, ...off, latentStep: 0, initLatent: 'EAty' });
    expect(started.restored).not.toEqual(unguided.restored);
  });
});
