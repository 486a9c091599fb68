import { beforeAll, describe, expect, it } from 'vitest';
import { fakePixelPrior } from '../../harness/conformance/fake-priors.ts';
import { blindProblem, runSolver } from '../../harness/conformance/run-solver.ts';
import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import blindDps from '../../harness/solvers/blind-dps.ts';
import { useDevice } from '../support/device.ts';

let compile: Compile;
beforeAll(async () => {
  ({ compile } = await useDevice('cpu-reference'));
});

type Chains = { readonly x: Tensor; readonly kernel: Tensor };

/** Both chains after the second of three steps, whose noise is the same in each run; the first, at t = 999, moves little. */
async function afterTwoSteps(params: Record<string, unknown>, prior: Prior = fakePixelPrior()) {
  const states: Promise<ArrayLike<number>>[] = [];
  await runSolver(
    blindDps,
    blindProblem(prior, 2),
    prior,
    { steps: 3, ...params },
    {
      compile,
      onStep(_, { now }) {
        const { x, kernel } = now as Chains;
        states.push(tf.concat([tf.reshape(x, [-1]), tf.reshape(kernel, [-1])]).data());
      },
    },
  );
  return Float64Array.from((await states[1])!);
}

const PIXELS = 2 * 3 * 16 * 16;

describe('the step size', () => {
  it('is alpha for both chains, or sqrt(abar_t) in its place', async () => {
    const { signal } = fakePixelPrior().schedule.level(500);
    const free = await afterTwoSteps({ alpha: 0 });
    const moved = async (params: Record<string, unknown>) => {
      const state = await afterTwoSteps(params);
      return free.map((value, i) => value - state[i]!);
    };
    const [one, half, rising] = [
      await moved({ alpha: 1 }),
      await moved({ alpha: 0.5 }),
      await moved({ alpha: 7, stepRule: 'rising' }),
    ];
    for (const [from, to] of [
      [0, PIXELS],
      [PIXELS, free.length],
    ]) {
      const size = (all: Float64Array) => Math.hypot(...all.subarray(from, to));
      expect(size(one)).toBeGreaterThan(0.01);
      expect(size(half.map((value, i) => value - one[i]! / 2))).toBeLessThan(0.01 * size(one));
      expect(size(rising.map((value, i) => value - one[i]! * signal))).toBeLessThan(0.01 * size(one));
    }
  });
});

describe('a prior with a network of kernels', () => {
  const withKernels = (shape: readonly [number, number, number]): Prior => ({
    ...fakePixelPrior(),
    unknowns: { kernel: { shape, predict: (x) => ({ value: tf.mul(x, 0.9), variance: tf.zerosLike(x) }) } },
  });

  it('asks it instead of the examples', async () => {
    const [exact, network] = [await afterTwoSteps({}), await afterTwoSteps({}, withKernels([1, 5, 5]))];
    expect(network.subarray(PIXELS)).not.toEqual(exact.subarray(PIXELS));
  });

  it('is told where its kernels are of another size', async () => {
    await expect(afterTwoSteps({}, withKernels([1, 64, 64]))).rejects.toThrow(
      "the prior's kernel is [1,64,64], that of the task [1,5,5]",
    );
  });
});
