/** What a plug-in imports from 'tweedie': definitions, tensors, schemas, and the parts that samplers share. */

export { z } from 'zod';
export type { Compile, Compiled } from './engine/compile.ts';
export { type Tensor, tf } from './engine/tf.ts';
export type { MakeConstant } from './networks/weights.ts';
export type { Operator } from './operators/operator.ts';
export { ddimStep, noiseFromZ0, z0FromNoise } from './priors/ddim.ts';
export { localPath } from './priors/local-path.ts';
export type { LatentPrior, PixelPrior, Prior } from './priors/prior.ts';
export { definePrior, type PriorFacts, type PriorKind } from './priors/prior-kind.ts';
export type { NoiseSchedule } from './priors/schedule.ts';
export { PROMPT, REVERSE_STEPS } from './solvers/checked-parameters.ts';
export { norm, sumSquares } from './solvers/norms.ts';
export { replace } from './solvers/replace.ts';
export { eta, reverseSteps, steps } from './solvers/reverse-steps.ts';
export { defineSolver, type Solver, type SolverContext } from './solvers/solver.ts';
export type { InverseProblem } from './tasks/task.ts';
