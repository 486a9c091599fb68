import { beforeAll, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import daps from '../../harness/solvers/daps.ts';
import { annealing, powerLevels } from '../../harness/solvers/parts/annealing.ts';
import { useDevice } from '../support/device.ts';
import { fakePixelPrior, operators, problem, run } from './support.ts';

beforeAll(() => useDevice('cpu-reference'));

it('walks levels that are even in sigma^(1/7), the last of which gives way to 0', () => {
  const p = { steps: 4, sigmaMax: 10, sigmaMin: 0.1, lr: 1, lrMinRatio: 0.1 };
  const prior = fakePixelPrior();
  const grid = annealing(prior, p);
  const levels = powerLevels(10, 0.1, 4);
  const roots = levels.map((sigma) => sigma ** (1 / 7));
  for (const k of [1, 2, 3]) expect(2 * roots[k]!).toBeCloseTo(roots[k - 1]! + roots[k + 1]!, 12);
  const coefficients = grid.coefficients(grid.legs);
  expect(coefficients.map(({ sigma }) => sigma)).toEqual(levels.slice(0, 4));
  expect(coefficients.map(({ sigmaNext }) => sigmaNext)).toEqual([...levels.slice(1, 4), 0]);
  // The public code divides by one more than there are levels.
  expect(coefficients.map(({ rate }) => rate)).toEqual(
    [1, 0.82, 0.64, 0.46].map((x) => expect.closeTo(x, 12)),
  );
});

it.each(['langevin', 'hmc'])(
  '%s: the public code has twice the gradient of the likelihood ||y - A x0||^2 / (2 tau^2)',
  async (mcmc) => {
    const prior = fakePixelPrior();
    const made = problem(prior, operators['block averaging']!(), 2);
    const p = { steps: 1, sigmaMax: 2, odeSteps: 3, mcmc, mcmcSteps: 1, lr: 1e-4, tau: 0.02 };
    let x0: Tensor | undefined;
    const onStep = (_: unknown, state: Record<string, unknown>) => {
      x0 = tf.clone(state.x0 as Tensor);
    };
    const paper = await run(daps, made, prior, { ...p, variant: 'paper' }, { onStep: onStep as never });
    const code = await run(daps, made, prior, { ...p, variant: 'public-code' });
    const { A, y } = made;
    const missing = tf.mul(-(p.lr / p.tau ** 2), A.adjoint!(tf.sub(A.forward(x0!), y))).dataSync();
    expect(Math.max(...missing.map(Math.abs))).toBeGreaterThan(1e-3);
    for (const [i, expected] of missing.entries())
      expect(code.restored[i]! - paper.restored[i]!).toBeCloseTo(expected, 5);
  },
);
