/** What a plug-in imports from 'tweedie': definitions, tensors, schemas, and the parts that samplers share. */

export { z } from 'zod';
export type { Compile, Compiled } from './engine/compile.ts';
export { type Tensor, tf } from './engine/tf.ts';
export type { MakeConstant } from './networks/load-weights.ts';
export type { Operator } from './operators/operator.ts';
export { adjoint, glue, proximalMap, pseudoInverse } from './operators/proximal.ts';
export { type Svd, svdOf } from './operators/svd.ts';
export { discreteSchedule } from './priors/ddim.ts';
export { localPath } from './priors/local-path.ts';
export type { Autoencoder, ClipImage, Prediction, Prior, PriorPart, PriorWith } from './priors/prior.ts';
export { definePrior, type PriorFacts, type PriorKind } from './priors/prior-kind.ts';
export type { Leg, Level, NoiseSchedule, Schedule } from './priors/schedule.ts';
export { promptText, reverseSteps } from './solvers/checked-parameters.ts';
export { adamInit, adamStep, gradientOf, norm, sumSquares } from './solvers/parts/gradients.ts';
export {
  type AncestralAt,
  ancestral,
  type DdimAt,
  ddim,
  eta,
  type Grid,
  steps,
  travelling,
} from './solvers/parts/grids.ts';
export { guided } from './solvers/parts/guidance.ts';
export type { Given as StepGiven, ImageName, Run, State, Step, Visit } from './solvers/run.ts';
export { defineSolver, type Requirements, type Solver } from './solvers/solver.ts';
export type { Answer, Found, Given, Kind } from './tasks/kinds.ts';
