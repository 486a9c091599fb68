import { type Check, short } from './check.ts';
import { fakePriorFor } from './fake-priors.ts';
import { labelledPictures, runSolver } from './run-solver.ts';

export const ofSegmenters: readonly Check<'segment'>[] = [
  {
    name: 'gives each pixel one of the classes',
    async run({ solver, compile }) {
      const prior = fakePriorFor(solver);
      // A run judges what it finds as a worker does, and throws.
      await runSolver(solver, labelledPictures(prior, 2), prior, short(solver), { compile });
    },
  },
];
