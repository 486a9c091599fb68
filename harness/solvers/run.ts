import type { Compile, Tree } from '../engine/compile.ts';
import type { Tensor } from '../engine/tf.ts';
import type { Prompt } from './checked-parameters.ts';
import type { Grid } from './parts/grids.ts';
import type { Scalars, TracedPictures } from './trace.ts';

/** The network calls that cost columns show; an image's, not a batch's. */
export const CALLS = ['unetForward', 'unetBackward', 'decoder', 'encoder'] as const;
export type Calls = Readonly<Partial<Record<(typeof CALLS)[number], number>>>;

/** The tensors that a sampler carries from step to step. They belong to the run: a step frees what it replaces. */
export type State = { readonly [key: string]: Tree };

/** Booleans, names and counts choose a graph of their own. */
export type Choice = boolean | string | number;

/** What one call of a step is given beside state and grid: tensors, which are freed after it, and choices. */
export type Given = Readonly<Record<string, Tensor | Choice>>;

/** One step of a grid, as the loop sees it. */
export interface Visit<At> {
  /** Counts down: N, ..., 1. */
  readonly n: number;
  /** Training time that the step starts from, and where it lands (-1: the clean end). */
  readonly t: number;
  readonly next: number;
  readonly grid: Grid<At>;
}

/** A step of a sampler: the state that follows. What the function does not return stays as it was. */
export type Step<S, At, G> = (state: S, at: Visit<At>, given?: G) => Promise<S>;

/** A picture of a data set by its id, and the seed of its cell. */
export interface ImageName {
  readonly id: string;
  readonly seed: number;
  /** Key of what is given of it (identity/keys.ts); absent where no experiment poses it. */
  readonly problem?: string;
}

/** The task that a batch is of, as an experiment names it. */
export interface TaskName {
  readonly name: string;
  /** Complete with defaults: factor, noise, ... */
  readonly params: Readonly<Record<string, unknown>>;
}

/** What the harness gives a running solver. */
export interface Run {
  /** Number of images in the batch. */
  readonly batch: number;
  /** Which they are: what a method outside of this process is told. */
  readonly images: readonly ImageName[];
  /** What they are measured by, for the same; absent where no experiment poses it. */
  readonly task?: TaskName;
  /**
   * The prompt of each image: the same text, or its own caption, of those that the solver is given.
   * @throws Error for a prompt from captions without them
   */
  each(prompt: Prompt, captions?: readonly string[] | undefined): string[];
  /** Standard normal [B, ...shape], one stream an image. Successive calls of a role give successive draws. */
  normal(role: 'initial' | 'step', shape: readonly number[]): Tensor;
  /** Uniform in [0,1), [B, ...shape], of the same streams. */
  uniform(role: 'step', shape: readonly number[]): Tensor;
  /**
   * Compiles a pure function of state, grid and what a call is given, for `at` of the grid that it is called with. It is
   * traced once and then run as one graph: loops inside have a fixed length, and no value may be looked at. Constant
   * numbers, `y`, the operator and the prior may be used as they are.
   */
  step<S extends State, At, G extends Given = Record<never, never>>(
    fn: (state: S, at: At, given: G) => Partial<S>,
  ): Step<S, At, G>;
  /** Walks a grid: its noise, its progress and the record of where a picture became NaN are taken care of. */
  steps<At>(grid: Grid<At>): Iterable<Visit<At>>;
  /** Outside a grid's steps: turns a pure function of tensors into one compiled graph. What it gives is the caller's. */
  readonly compile: Compile;
  /** For methods without a grid: reports that `done` of `total` steps are over. */
  progress(done: number, total: number): void;
  /**
   * Keeps numbers of the step that the loop is at, and pictures of some of its steps, where a trace is asked for (`tweedie run
   * --trace`). Otherwise nothing is read, and `pictures` is not called. What it calls of the prior is not counted.
   * @throws Error for a shape that is neither, or outside of all steps
   */
  trace(scalars: Scalars, pictures?: TracedPictures): Promise<void>;
  /** For methods that call networks of their own: adds calls an image. Those of the prior are counted already. */
  count(calls: Calls): void;
}
