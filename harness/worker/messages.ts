import type { Precision } from '../engine/devices/kind.ts';
import type { Batch, MetricRef } from '../identity/refs.ts';
import type { PluginRef } from '../plan/described.ts';
import type { SetComparisonPlan, SetPicture } from '../store/configurations.ts';
import type { FailureKind, ScoreRecord, SetScoreRecord, SolutionRecord } from '../store/records.ts';
import type { TimeLimits } from './watchdog.ts';

/** What one worker has for itself: a device, and where it puts its files. */
export interface Lease {
  /** `cpu/1`: device and number, for progress lines. */
  readonly label: string;
  /** As `openDevice` takes it, e.g. `cpu:1`. */
  readonly device: string;
  readonly precision: Precision;
  /** Absolute path of the results folder. */
  readonly resultsDir: string;
  /** What adds the user's own solvers and priors. */
  readonly plugins: readonly PluginRef[];
  /** Whether what solvers say of their steps is kept beside the results. Default: no. */
  readonly traces?: boolean;
}

/** A batch to solve and score. It runs as the plan composed it; only the wanted cells are handed back. */
export interface GroupJob {
  readonly batch: Batch;
  /** Cell keys, a subset of the batch's. */
  readonly wanted: readonly string[];
  readonly metrics: readonly MetricRef[];
}

/** What poses one image's problem again: draws are an image's own, whatever batch it stands in. */
export type Problem = Pick<Batch, 'setting' | 'rng' | 'items'>;

/** A solved cell and what of its scores is wanted. */
export interface CellToScore {
  readonly cellKey: string;
  /** Paths relative to the results folder. */
  readonly restored: string;
  readonly truth: string;
  /** The result's array file; null where none is stored. */
  readonly array: { readonly path: string; readonly sha256: string | null } | null;
  /** Name of the data set, and its id of the picture. */
  readonly dataset: string;
  readonly item: string;
  /** What was posed; only where a metric compares with what is not stored. */
  readonly problem?: Problem | undefined;
  readonly metrics: readonly Pick<ScoreRecord, 'metric' | 'version' | 'protocol'>[];
}

/** Stored pictures to score; nothing is solved. */
export type ScoreJob =
  | { readonly of: 'cells'; readonly cells: readonly CellToScore[] }
  /** Puts the features of pictures into the cache, for this set-level metric. */
  | { readonly of: 'features'; readonly metric: string; readonly pictures: readonly SetPicture[] }
  /** All features are in the cache. */
  | { readonly of: 'set'; readonly comparison: SetComparisonPlan };

/** What a child can be asked for. */
export type Job =
  | { readonly kind: 'solve'; readonly job: GroupJob }
  | { readonly kind: 'score'; readonly job: ScoreJob };

/** Thread -> its child: one job at a time. */
export type ToChild = Job;

/** One image of a batch is over. */
export type ImageOutcome =
  | { readonly kind: 'solved'; readonly solution: SolutionRecord }
  | { readonly kind: 'nan'; readonly cellKey: string; readonly message: string };

/** A part of a score job is over. */
export type ScoreOutcome =
  | { readonly kind: 'scored'; readonly cellKey: string; readonly scores: readonly ScoreRecord[] }
  | { readonly kind: 'set-scored'; readonly score: SetScoreRecord };

/** Steps of the running batch, or pictures of a score job. */
export interface Progress {
  readonly kind: 'progress';
  readonly done: number;
  readonly total: number;
}

/** How a batch ended; images that have an outcome keep it. */
export type GroupEnd =
  | { readonly kind: 'finished' }
  /** The batch is not at fault, and none would fare better: nothing can be kept. One line; its cells stay to do. */
  | { readonly kind: 'stop'; readonly message: string }
  | {
      readonly kind: 'failed';
      readonly failure: FailureKind;
      /** One line. */
      readonly message: string;
      /** The last lines that the child printed, and the stack of the error where there was one. */
      readonly logTail: string;
    };

/** What a batch reports, from its start to its end. */
export type BatchEvent =
  | { readonly kind: 'started' }
  | ImageOutcome
  | ScoreOutcome
  | Progress
  | { readonly kind: 'ended'; readonly end: GroupEnd };

/** Child -> its thread. */
export type FromChild =
  /** Device and prior are loaded: the batch's time begins. */
  | { readonly kind: 'loaded' }
  | ImageOutcome
  | ScoreOutcome
  | Progress
  | { readonly kind: 'finished' }
  | {
      readonly kind: 'failed';
      readonly failure: FailureKind;
      readonly message: string;
      readonly stack: string;
    }
  /** An error outside of the job's own calls, of a timer or a promise: the process is of no use any more. */
  | { readonly kind: 'uncaught'; readonly message: string; readonly stack: string }
  | { readonly kind: 'stop'; readonly message: string };

/** Thread -> main: what happens to its child and in its batch. */
export type FromThread =
  | { readonly kind: 'child'; readonly lease: string; readonly pid: number }
  | { readonly kind: 'child-gone'; readonly lease: string; readonly pid: number }
  | { readonly kind: 'batch'; readonly lease: string; readonly task: string; readonly event: BatchEvent };

/** What a Piscina thread is given: a batch, or pictures to score. */
export interface ThreadTask {
  /** Tells it from the others that are running. */
  readonly id: string;
  readonly work: Job;
  readonly limits: TimeLimits;
}

/** workerData of every thread: each claims one lease when it starts. */
export interface ThreadSetup {
  readonly leases: readonly Lease[];
  /** Begins the mark of every process of this run (end-processes.ts). */
  readonly mark: string;
  /** One Int32 a lease: 0 free, 1 claimed. */
  readonly claims: SharedArrayBuffer;
}
