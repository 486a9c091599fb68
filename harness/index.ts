/**
 * What a plug-in imports from 'tweedie': definitions, tensors, schemas, and the parts that built-in solvers, tasks,
 * metrics and data sets share.
 */

export { z } from 'zod';
// Data sets.
export {
  type Counterfactual,
  type Dataset,
  type DatasetItem,
  defineDataset,
  itemOf,
  type LabelMap,
  type PaintedTraits,
  type Split,
  type Traits,
} from './data/dataset.ts';

// Tensors.
export type { Compile, Compiled } from './engine/compile.ts';
export { stopGradient } from './engine/ops.ts';
export { type Tensor, tf } from './engine/tf.ts';
export { UserError } from './errors.ts';
// Metrics.
export { fidMetric } from './metrics/fid.ts';
export { fidInfinityMetric } from './metrics/fid-infinity.ts';
export type { KeptMetric } from './metrics/kept.ts';
export { kidMetric } from './metrics/kid.ts';
export { type AnyMetric, defineMetric } from './metrics/kinds.ts';
export { type ImageMetric, type KernelMetric, needsSides, type Protocol } from './metrics/metric.ts';
export type {
  CaptionMetric,
  NetworkDevice,
  NetworkMetric,
  OpenCaptionMetric,
  OpenNetworkMetric,
} from './metrics/network-metric.ts';
export { picturesTensor, runsOfOneSize } from './metrics/picture-batches.ts';
export { type Plane, RowMoments } from './metrics/row-moments.ts';
export { featureSet } from './metrics/set-comparison.ts';
export type {
  FeatureExtractor,
  FeatureSet,
  OpenFeatureExtractor,
  SetComparison,
  SetMetric,
  SetScore,
} from './metrics/set-metric.ts';
export type { OpenTraitMetric, TraitMetric } from './metrics/traits.ts';
export { readConfigFile } from './networks/config-file.ts';
export { fileSha256 } from './networks/file-hash.ts';
// Priors.
export { type LoadedWeights, loadWeights, type MakeConstant } from './networks/load-weights.ts';
export type { NetworkParams } from './networks/params.ts';
// Operators.
export { backProjection } from './operators/back-projection.ts';
export { blindBlur, turbulence } from './operators/blind-blur.ts';
export { blockAverage } from './operators/block-average.ts';
export type { Boundary } from './operators/boundary.ts';
export { throughCamera } from './operators/camera-response.ts';
export { colourisation } from './operators/colourisation.ts';
export { conjugateGradients } from './operators/conjugate-gradients.ts';
export { differences, differencesAdjoint } from './operators/differences.ts';
export { blurMatrix, gaussianBlur, gaussianKernel } from './operators/gaussian-blur.ts';
export { highDynamicRange } from './operators/high-dynamic-range.ts';
export { identity } from './operators/identity.ts';
export { inpainting } from './operators/inpainting.ts';
export { jpeg } from './operators/jpeg.ts';
export { type Matrix, sandwich, toTensor } from './operators/matrix.ts';
export { motionBlur } from './operators/motion-blur.ts';
export type { Operator } from './operators/operator.ts';
export { type ByUnknown, mapUnknowns, type OperatorFamily } from './operators/operator-family.ts';
export { phaseRetrieval } from './operators/phase-retrieval.ts';
export { projectionOf } from './operators/projection.ts';
export {
  adjoint,
  glue,
  proximalByCg,
  proximalMap,
  pseudoInverse,
  regularisedInverse,
} from './operators/proximal.ts';
export { sampledGaussian, separableBlur, uniformKernel } from './operators/separable-blur.ts';
export { superResolution } from './operators/super-resolution.ts';
export { type Svd, svdOf } from './operators/svd.ts';
export type { Image8, PictureSize } from './pictures/image8.ts';
export { discreteSchedule } from './priors/ddim.ts';
export { ddpmSample } from './priors/ddpm.ts';
export { localPath } from './priors/local-path.ts';
export type { Autoencoder, ClipImage, Prediction, Prior, PriorPart, PriorWith } from './priors/prior.ts';
export { definePrior, type PriorFacts, type PriorKind } from './priors/prior-kind.ts';
export type { Leg, Level, NoiseSchedule, Schedule } from './priors/schedule.ts';
// Solvers.
export {
  guidanceScale,
  innerIterations,
  promptText,
  reverseSteps,
  stepsOnExamples,
  TIME,
} from './solvers/checked-parameters.ts';
export { type AbarAt, blend, renewed, withAbar } from './solvers/parts/abar.ts';
export {
  type AnnealingAt,
  annealing,
  type Denoise,
  denoiser,
  type EulerLeg,
  eulerLegs,
  eulerStep,
} from './solvers/parts/annealing.ts';
export { negated } from './solvers/parts/clip-negation.ts';
export { dataBefore, dataEvery, dataSteps, isDataStep } from './solvers/parts/data-steps.ts';
export {
  type AdamState,
  adamInit,
  adamStep,
  gradientOf,
  gradientsOf,
  norm,
  sumSquares,
} from './solvers/parts/gradients.ts';
export {
  type AncestralAt,
  type At,
  ancestral,
  type DdimAt,
  ddim,
  eta,
  type Grid,
  reading,
  steps,
  travelling,
} from './solvers/parts/grids.ts';
export { guided, towards } from './solvers/parts/guidance.ts';
export { afterInversion, type InvertedAt } from './solvers/parts/inversion.ts';
export { iterations } from './solvers/parts/iterations.ts';
export { type LandingAt, landing } from './solvers/parts/landing.ts';
export { latentDps } from './solvers/parts/latent-dps.ts';
export { type Levels, withLevels } from './solvers/parts/levels.ts';
export { hamiltonian, langevin, metropolis } from './solvers/parts/markov-chains.ts';
export { minimiser } from './solvers/parts/minimise.ts';
export { noisedAgain, noisedMeasurement, plugAndPlay, SPACINGS } from './solvers/parts/plug-and-play.ts';
export { type ResampleAt, resampling } from './solvers/parts/resampling.ts';
export { firstGuess } from './solvers/parts/start.ts';
export { travelParams, travelPasses } from './solvers/parts/travels.ts';
export { priorsOfUnknowns } from './solvers/parts/unknown-priors.ts';
export { alike, perImage, scaled } from './solvers/per-image.ts';
export type { Given as StepGiven, ImageName, Run, State, Step, Visit } from './solvers/run.ts';
export { defineSolver, type Requirements, type Solver } from './solvers/solver.ts';
// Tasks.
export { defineBlindTask, sizeMisfit } from './tasks/blind/blind-problem.ts';
export { type DrawKernel, kernelLaw } from './tasks/blind/kernel-law.ts';
export type { Answer, Found, Given, Kind } from './tasks/kinds.ts';
export { factorMisfit, kernelMisfit, refuseMisfit } from './tasks/misfit.ts';
export { brushMask } from './tasks/restore/brush-mask.ts';
export { maskedOperator, observedMean } from './tasks/restore/masked.ts';
export { motionKernel } from './tasks/restore/motion-kernel.ts';
export { gaussianNoise, type Noise, noise, noiseBy } from './tasks/restore/noise.ts';
export { defineRestoration, type Restoration } from './tasks/restore/restoration.ts';
export { between, type Uniforms, wholeBetween } from './tasks/restore/sampling.ts';
export { majorityClass } from './tasks/segment/majority-class.ts';
export {
  defineTask,
  type ImageShape,
  type ImageStreams,
  type Misfit,
  type Pictures,
  type Posed,
  type Task,
  type Wanted,
} from './tasks/task.ts';
