import { type Check, expect, short } from './check.ts';
import { fakePriorFor } from './fake-priors.ts';
import { operatorsFor } from './operators.ts';
import { misfit, problemFor, runSolver } from './run-solver.ts';
import { unguided } from './unguided.ts';

export const ofRestorers: readonly Check<'restore'>[] = [
  {
    name: 'gives finite pictures on every operator that fits',
    async run({ solver, compile }) {
      for (const [name, make] of operatorsFor(solver)) {
        const prior = fakePriorFor(solver);
        const { restored } = await runSolver(solver, problemFor(prior, make(), 2), prior, short(solver), {
          compile,
        });
        expect(restored.every(Number.isFinite), `${name}: found values that are not finite`);
      }
    },
  },
  {
    name: 'fits the measurement better than a sample of the prior',
    async run({ solver, compile }) {
      for (const [name, make] of operatorsFor(solver)) {
        const prior = fakePriorFor(solver);
        const problem = problemFor(prior, make(), 2);
        const guided = await runSolver(solver, problem, prior, short(solver, 20), { compile });
        const free = await runSolver(unguided, problem, prior, { steps: 20 }, { compile });
        const [found, limit] = [await misfit(problem, guided), 0.97 * (await misfit(problem, free))];
        expect(found < limit, `${name}: mean squared residual ${found}, expected below ${limit}`);
      }
    },
  },
];
