import { beforeAll, describe, expect, it } from 'vitest';
import { tf } from '../../harness/engine/tf.ts';
import { solvers } from '../../harness/solvers/index.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior } from '../support/fake-prior.ts';
import { misfit, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

it('are LDPS, GML-DPS, PSLD and P2L for latents, DPS for pixels', () => {
  expect(solvers.map(({ name }) => name)).toEqual(['ldps', 'gml-dps', 'psld', 'p2l', 'dps']);
});

const latentSolvers = solvers.filter(({ requires }) => requires.latent);

describe.each(latentSolvers.map((solver) => [solver.name, solver] as const))('%s', (name, solver) => {
  // The fake prior's residuals are of order 10, so a step of 1 on their norm is a small one.
  const params = { steps: 20 };

  it('describes each parameter, has a default for each and refuses others', () => {
    for (const [key, schema] of Object.entries(solver.params.shape))
      expect(schema.description, key).toBeTruthy();
    expect(solver.params.parse({})).toMatchObject({ steps: 1000, eta: 0 });
    expect(solver.params.safeParse({ stepz: 20 }).success).toBe(false);
  });

  it.each(Object.entries(operators))(
    '%s: fits the measurement better than the unguided sampler',
    async (_, make) => {
      const prior = fakePrior();
      const made = problem(prior, make(), 2);
      const guided = await run(solver, made, prior, params);
      const unguided = await run(solvers[0]!, made, prior, { ...params, omega: 0 });
      expect(guided.restored.every(Number.isFinite)).toBe(true);
      expect(await misfit(made, guided.restored)).toBeLessThan(0.8 * (await misfit(made, unguided.restored)));
    },
  );

  it('restores each image as if it were alone: a batch of 2 equals two batches of 1', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const together = await run(solver, made, prior, { ...params, eta: 0.5 });
    const size = together.restored.length / 2;
    for (const [i, id] of ['a', 'b'].entries()) {
      const y = tf.slice(made.y, [i, 0, 0, 0], [1, ...made.y.shape.slice(1)]);
      const alone = await run(solver, { ...made, y }, prior, { ...params, eta: 0.5 }, { ids: [id] });
      const part = together.restored.subarray(i * size, (i + 1) * size);
      part.forEach((value, k) => {
        expect(value).toBeCloseTo(alone.restored[k]!, 5);
      });
    }
  });

  it('gives the same picture for the same seed, and another for another', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators.inpainting!(), 2);
    const first = await run(solver, made, prior, params);
    expect((await run(solver, made, prior, params)).restored).toEqual(first.restored);
    expect((await run(solver, made, prior, params, { seed: 1 })).restored).not.toEqual(first.restored);
  });

  it('draws step noise only where eta asks for it', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators.inpainting!(), 2);
    const deterministic = await run(solver, made, prior, params);
    const stochastic = await run(solver, made, prior, { ...params, eta: 1 });
    expect(stochastic.restored).not.toEqual(deterministic.restored);
  });

  it('makes one network pass for the sampler and its gradient together', async () => {
    const prior = fakePrior();
    let passes = 0;
    const predict: typeof prior.predict = (...args) => {
      passes++;
      return prior.predict(...args);
    };
    const made = problem(prior, operators.inpainting!(), 2);
    const { calls } = await run(solver, made, { ...prior, predict }, { steps: 3 });
    expect(passes).toBe(calls.unetForward);
  });

  it('reports every step and counts its network passes', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators.inpainting!(), 2);
    const { progress, calls } = await run(solver, made, prior, params);
    expect(progress).toEqual(Array.from({ length: 20 }, (_, i) => [i + 1, 20]));
    const passes = name === 'p2l' ? 40 : 20; // K + 1 a step
    expect(calls).toMatchObject({ unetForward: passes, unetBackward: passes, decoder: passes + 1 });
    expect(calls.encoder ?? 0).toBe({ ldps: 0, 'gml-dps': 20, psld: 20, p2l: 3 }[name]);
  });

  it('keeps its memory flat: twice the steps leave as many tensors', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators.inpainting!(), 2);
    const left = async (steps: number) => {
      const before = tf.memory().numTensors;
      await run(solver, made, prior, { steps, eta: 0.5 });
      return tf.memory().numTensors - before;
    };
    expect(await left(20)).toBe(await left(10));
  });
});
