import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { short } from '../../harness/conformance/check.ts';
import { fakePriorFor } from '../../harness/conformance/fake-priors.ts';
import { fits } from '../../harness/conformance/operators.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { tf } from '../../harness/engine/tf.ts';
import { motionBlur } from '../../harness/operators/motion-blur.ts';
import { solvers } from '../../harness/solvers/index.ts';
import ldps from '../../harness/solvers/ldps.ts';
import p2l from '../../harness/solvers/p2l.ts';
import psld from '../../harness/solvers/psld.ts';
import { kindOf, type Solver } from '../../harness/solvers/solver.ts';
import { useDevice } from '../support/device.ts';
import { fakePrior, image, operators, problem, run } from './support.ts';

let device: Device;
beforeAll(async () => {
  device = await openDevice('cpu');
});
afterAll(() => device.dispose());

const all = {
  ...operators,
  'motion blur': () =>
    motionBlur(
      [0, 1].map((k) => Float32Array.of(0, 0, 0, 0.2, 0.5, 0.3, 0, 0, k).map((v) => v / (1 + k))),
      3,
      image,
    ),
};

async function onReference<T>(work: () => Promise<T>): Promise<T> {
  await useDevice('cpu-reference');
  try {
    return await work();
  } finally {
    await tf.setBackend('onnx');
  }
}

const restorers = solvers.filter((solver) => kindOf(solver) === 'restore') as Solver<'restore'>[];

describe.each(restorers.map((solver) => [solver.name, solver] as const))(
  '%s as compiled graphs',
  (_, solver) => {
    const fitting = Object.entries(all).filter(([, make]) => fits(solver, make()));
    it.each(fitting)('%s: gives what plain tfjs gives', async (_, make) => {
      const { shape } = solver.params;
      // Adam makes whole steps of gradients next to nothing, which are rounding: an epsilon above them keeps these small. So does
      // a weight in systems that are next to singular.
      const params = {
        ...short(solver, 6),
        ...('eta' in shape && { eta: 0.3 }),
        ...('epsilon' in shape && { epsilon: 1 }),
        ...('cgLambda' in shape && { cgLambda: 0.1 }),
      };
      const expected = await onReference(() => {
        const prior = fakePriorFor(solver);
        return run(solver, problem(prior, make(), 2), prior, params);
      });
      const prior = fakePriorFor(solver);
      const { restored } = await run(solver, problem(prior, make(), 2), prior, params, {
        compile: device.compile,
      });
      restored.forEach((value, i) => {
        expect(value).toBeCloseTo(expected.restored[i]!, 4);
      });
    });
  },
);

it.each([
  [psld.name, { variant: 'public-code' }, psld],
  [p2l.name, { proxEvery: 3 }, p2l],
] as const)(
  '%s %o: draws enter its one graph as data, and the numbers are those of plain tfjs',
  async (_, change, solver) => {
    const make = operators['super-resolution']!;
    const params = { steps: 10, eta: 0.3, ...change };
    const expected = await onReference(() => {
      const prior = fakePrior();
      return run(solver, problem(prior, make(), 2), prior, params);
    });
    const prior = fakePrior();
    const made = problem(prior, make(), 2);
    const { restored } = await run(solver, made, prior, params, { compile: device.compile });
    restored.forEach((value, i) => {
      expect(value).toBeCloseTo(expected.restored[i]!, 4);
    });
    const before = device.compilations();
    await run(solver, made, prior, { ...params, steps: 20 }, { compile: device.compile });
    expect(device.compilations()).toBe(before);
  },
);

describe('p2l', () => {
  it('compiles as many graphs at 10 steps as at 100, at most 8', async () => {
    const count = async (steps: number) => {
      const prior = fakePrior();
      const before = device.compilations();
      await run(
        p2l,
        problem(prior, operators.inpainting!(), 2),
        prior,
        { steps, promptLr: 1e-3 },
        { compile: device.compile },
      );
      return device.compilations() - before;
    };
    const first = await count(10);
    expect(first).toBeLessThanOrEqual(8);
    expect(await count(100)).toBe(0); // the same graphs as at 10 steps
  });

  it('needs no new graph for other step sizes, rates and weights, as long as no two numbers of a step are equal', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators.inpainting!(), 2);
    // Equal numbers of a step are one input of its graph.
    const first = { steps: 9, promptLr: 0.02, proxLambda: 2, latentStep: 0.7 };
    await run(p2l, made, prior, first, { compile: device.compile });
    const before = device.compilations();
    const changed = { steps: 9, promptLr: 0.03, proxLambda: 0.45, latentStep: 0.35 };
    await run(p2l, made, prior, changed, { compile: device.compile });
    expect(device.compilations()).toBe(before);
  });

  it('without prompt steps and projection runs the graph of LDPS: nothing new to compile, the same bits', async () => {
    const prior = fakePrior();
    const made = problem(prior, operators['gaussian blur']!(), 2);
    const expected = await run(ldps, made, prior, { steps: 12, omega: 0.7 }, { compile: device.compile });
    const before = device.compilations();
    const reduced = { steps: 12, promptSteps: 0, proxEvery: null, latentStep: 0.7 };
    const result = await run(p2l, made, prior, reduced, { compile: device.compile });
    expect(result.restored).toEqual(expected.restored);
    expect(device.compilations()).toBe(before);
  });
});
