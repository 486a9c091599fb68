import { type Tensor, tf } from '../engine/tf.ts';
import { identity } from '../operators/identity.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Found } from '../tasks/kinds.ts';
import { type Check, expect, short } from './check.ts';
import { fakePriorFor } from './fake-priors.ts';
import { blindProblem, runSolver } from './run-solver.ts';
import { unguided } from './unguided.ts';

export const ofBlindMethods: readonly Check<'blind'>[] = [
  {
    name: 'gives finite pictures, and kernels that are non-negative with sum 1',
    async run({ solver, compile }) {
      const prior = fakePriorFor(solver);
      const found: Found['blind'][] = [];
      const { restored } = await runSolver(
        recording(solver, found),
        blindProblem(prior, 2),
        prior,
        short(solver),
        { compile },
      );
      expect(restored.every(Number.isFinite), 'found values that are not finite');
      const kernel = (await found[0]!.kernel.data()) as Float32Array;
      expect(kernel.length === 50, `found a kernel of shape [${found[0]!.kernel.shape}], expected [2,1,5,5]`);
      const [sum, least] = [kernel.reduce((sum, value) => sum + value, 0) / 2, Math.min(...kernel)];
      expect(least >= 0, `found a kernel with ${least}, expected no negative weights`);
      expect(Math.abs(sum - 1) < 1e-4, `found kernels with a sum of ${sum}, expected 1`);
    },
  },
  {
    name: 'fits the measurement, by the kernel that it finds, better than a sample of the prior',
    async run({ solver, compile }) {
      const prior = fakePriorFor(solver);
      const { y, A, sigma } = blindProblem(prior, 2);
      const found: Found['blind'][] = [];
      await runSolver(recording(solver, found), { y, A, sigma }, prior, short(solver, 20), { compile });
      const [{ x, ...unknowns }] = found as [Found['blind']];
      const guided = A.forward(x, unknowns);
      const free = await runSolver(
        unguided,
        { y, A: identity(), sigma, noise: 'gaussian' },
        prior,
        { steps: 20 },
        { compile },
      );
      const sampled = A.forward(tf.tensor(free.restored, [...free.shape]), unknowns);
      const misfit = async (fit: Tensor) => (await tf.mean(tf.squaredDifference(y, fit)).data())[0]!;
      const [residual, limit] = [await misfit(guided), 0.97 * (await misfit(sampled))];
      expect(residual < limit, `mean squared residual ${residual}, expected below ${limit}`);
    },
  },
];

/** The solver, whose whole answers join `found`. */
function recording(solver: Solver<'blind'>, found: Found['blind'][]): Solver<'blind'> {
  return {
    ...solver,
    async solve(...given) {
      const answer = await solver.solve(...given);
      found.push(answer as Found['blind']);
      return answer;
    },
  };
}
