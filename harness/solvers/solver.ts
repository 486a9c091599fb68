import type { z } from 'zod';
import type { Compile } from '../engine/compile.ts';
import type { Tensor } from '../engine/tf.ts';
import type { LatentPrior, PixelPrior, Prior } from '../priors/prior.ts';
import type { InverseProblem } from '../tasks/task.ts';

/** What the harness gives a running solver. */
export interface SolverContext {
  /** Number of images in the batch. */
  readonly batch: number;
  /** Turns a pure function of tensors into a step that runs as one compiled graph. */
  readonly compile: Compile;
  /** Standard normal [B, ...shape], one stream an image. Successive calls of a role give successive draws. */
  normal(role: 'initial' | 'step', shape: readonly number[]): Tensor;
  /** Reports that `done` of `total` steps are over. */
  progress(done: number, total: number): void;
  /** Counters for the cost columns: { unet: 1 } adds one U-Net forward pass an image. */
  count(calls: Partial<Record<'unetForward' | 'unetBackward' | 'decoder' | 'encoder', number>>): void;
}

/** What a solver needs of the prior and the task; a plan refuses other ones. */
export interface Requirements {
  /** A prior of latents, with encoder, decoder and text. */
  readonly latent?: boolean;
  /** A prior of pixels, with learned variance. */
  readonly pixel?: boolean;
  readonly text?: boolean;
  readonly linear?: boolean;
}

/** The prior that a solver with these requirements is given. */
type PriorFor<R extends Requirements> = R extends { readonly latent: true }
  ? LatentPrior
  : R extends { readonly pixel: true }
    ? PixelPrior
    : Prior;

/** A restoration method. `params` holds the paper's defaults; its keys are the grid's axes. */
export interface Solver<P extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** Bump when the same parameters give other numbers. */
  readonly version: number;
  /** Citation shown by `tweedie list solvers` and in the report. */
  readonly paper: string;
  readonly requires: Requirements;
  readonly params: P;
  /** Restored images [B,C,H,W] (not clipped). */
  solve(problem: InverseProblem, prior: Prior, params: z.infer<P>, ctx: SolverContext): Promise<Tensor>;
}

/** Keeps the types of parameters and prior of a solver while the registry holds them uniformly. */
export function defineSolver<P extends z.ZodObject, const R extends Requirements>(
  solver: Omit<Solver<P>, 'requires' | 'solve'> & {
    readonly requires: R;
    solve(
      problem: InverseProblem,
      prior: PriorFor<R>,
      params: z.infer<P>,
      ctx: SolverContext,
    ): Promise<Tensor>;
  },
): Solver {
  return solver as unknown as Solver;
}
