import type { z } from 'zod';
import { IMAGE } from '../../harness/conformance/fake-priors.ts';
import { OPERATORS } from '../../harness/conformance/operators.ts';
import {
  gaussian,
  misfit,
  problemFor as problem,
  type RunOptions,
  runSolver,
  type Seen,
} from '../../harness/conformance/run-solver.ts';
import { compileEager } from '../../harness/engine/compile.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import type { Given } from '../../harness/tasks/kinds.ts';

export { fakeLatentPrior as fakePrior, fakePixelPrior } from '../../harness/conformance/fake-priors.ts';
export { gaussian, IMAGE as image, misfit, OPERATORS as operators, problem };

/** Runs a solver with the given parameters (defaults filled in), step by step unless told how to compile. */
export function run(
  solver: Solver,
  made: Given['restore'],
  prior: Prior,
  params: z.input<z.ZodObject>,
  options: Partial<RunOptions> = {},
): Promise<Seen> {
  return runSolver(solver, made, prior, params, { compile: compileEager, ...options });
}
