import type { z } from 'zod';
import type { Prior, PriorPart, PriorWith } from '../priors/prior.ts';
import type { Answer, Given, Kind } from '../tasks/kinds.ts';
import type { InSolve } from './per-image.ts';
import type { Run } from './run.ts';

/** What a solver can ask of a task's operator. */
export type OperatorPart = 'linear' | 'pseudoInverse' | 'svd' | 'projection';

/** What a solver needs: parts of the prior and properties of the operator. A plan says what a pair lacks. */
export type Requirements = Readonly<Partial<Record<PriorPart | OperatorPart, true>>>;

/** Every name of a requirement. */
export const REQUIREMENTS = Object.keys({
  pixels: true,
  autoencoder: true,
  text: true,
  crossAttention: true,
  clipImage: true,
  noisedClip: true,
  learnedVariance: true,
  linear: true,
  pseudoInverse: true,
  svd: true,
  projection: true,
} satisfies Required<Requirements>) as readonly (keyof Requirements)[];

/** A method for one kind of task. `params` holds the paper's defaults; its keys are the grid's axes. */
export interface Solver<K extends Kind = Kind, P extends z.ZodObject = z.ZodObject> {
  /** Default: restore. */
  readonly solves?: K;
  readonly name: string;
  /** As the paper writes it: P2L, DiffPIR, CFG++. Default: the name. */
  readonly title?: string;
  /** Bump when the same parameters give other numbers. */
  readonly version: number;
  /** Citation shown by `tweedie list solvers` and in the report. */
  readonly paper: string;
  readonly requires: Requirements;
  /** Parts that it uses where a prior has them, and what it does where not; a plan says so. */
  readonly without?: Readonly<Partial<Record<PriorPart, string>>>;
  readonly params: P;
  /** Forward passes of the network that an image takes: what estimates of time count by. Default: `steps`, else 1. */
  passes?(params: z.infer<P>): number;
  solve(given: Given[K], prior: Prior, params: InSolve<P>, run: Run): Promise<Answer<K>>;
}

type PartsIn<R> = Extract<keyof R, PriorPart>;

export function kindOf<K extends Kind>({ solves }: Solver<K>): K {
  return solves ?? ('restore' as K);
}

/** Keeps the types of parameters and prior of a solver while the registry holds them uniformly. */
export function defineSolver<
  P extends z.ZodObject,
  const R extends Requirements,
  const K extends Kind = 'restore',
>(
  solver: Omit<Solver<K, P>, 'requires' | 'passes' | 'solve'> & {
    readonly requires: R;
    passes?(params: z.infer<P>): number;
    solve(given: Given[K], prior: PriorWith<PartsIn<R>>, params: InSolve<P>, run: Run): Promise<Answer<K>>;
  },
): Solver<K> {
  return solver as unknown as Solver<K>;
}
