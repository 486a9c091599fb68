import type { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import type { Prior, PriorPart, PriorWith } from '../priors/prior.ts';
import type { InverseProblem } from '../tasks/task.ts';
import type { Run } from './run.ts';

/** What a solver can ask of a task's operator. */
export type OperatorPart = 'linear' | 'pseudoInverse';

/** What a solver needs: parts of the prior and properties of the operator. A plan says what a pair lacks. */
export type Requirements = Readonly<Partial<Record<PriorPart | OperatorPart, true>>>;

/** A restoration method. `params` holds the paper's defaults; its keys are the grid's axes. */
export interface Solver<P extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** As the paper writes it: P2L, DiffPIR, CFG++. Default: the name. */
  readonly title?: string;
  /** Bump when the same parameters give other numbers. */
  readonly version: number;
  /** Citation shown by `tweedie list solvers` and in the report. */
  readonly paper: string;
  readonly requires: Requirements;
  readonly params: P;
  /** Forward passes of the network that an image takes: what estimates of time count by. Default: `steps`, else 1. */
  passes?(params: z.infer<P>): number;
  /** Restored images [B,C,H,W] (not clipped). */
  solve(problem: InverseProblem, prior: Prior, params: z.infer<P>, run: Run): Promise<Tensor>;
}

type PartsIn<R> = Extract<keyof R, PriorPart>;

/** Keeps the types of parameters and prior of a solver while the registry holds them uniformly. */
export function defineSolver<P extends z.ZodObject, const R extends Requirements>(
  solver: Omit<Solver<P>, 'requires' | 'passes' | 'solve'> & {
    readonly requires: R;
    passes?(params: z.infer<P>): number;
    solve(
      problem: InverseProblem,
      prior: PriorWith<PartsIn<R>>,
      params: z.infer<P>,
      run: Run,
    ): Promise<Tensor>;
  },
): Solver {
  return solver as unknown as Solver;
}
