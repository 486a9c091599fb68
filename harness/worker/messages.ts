import type { CellGroup, MetricRef } from '../config/plan.ts';
import type { FailureKind, SolutionRecord } from '../store/records.ts';

/** What one worker has for itself: a device, and where it puts its files. */
export interface Lease {
  /** `cpu/1`: device and number, for progress lines. */
  readonly label: string;
  /** As `openDevice` takes it, e.g. `cpu:1`. */
  readonly device: string;
  /** Absolute path of the results folder. */
  readonly resultsDir: string;
  /** Absolute paths of the modules that add the user's own solvers. */
  readonly plugins: readonly string[];
}

/** A batch to solve and score. It runs as the plan composed it; only the wanted cells are handed back. */
export interface GroupJob {
  readonly group: CellGroup;
  /** Cell keys, a subset of the group's. */
  readonly wanted: readonly string[];
  readonly metrics: readonly MetricRef[];
}

/** Thread -> its child: one job at a time. */
export type ToChild = { readonly kind: 'solve'; readonly job: GroupJob };

/** One image of a batch is over. */
export type ImageOutcome =
  | { readonly kind: 'solved'; readonly solution: SolutionRecord }
  | { readonly kind: 'nan'; readonly cellKey: string; readonly message: string };

/** Steps of the running batch. */
export interface Progress {
  readonly kind: 'progress';
  readonly done: number;
  readonly total: number;
}

/** How a batch ended; images that have an outcome keep it. */
export type GroupEnd =
  | { readonly kind: 'finished' }
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
  | Progress
  | { readonly kind: 'ended'; readonly end: GroupEnd };

/** Child -> its thread. */
export type FromChild =
  /** Device and prior are loaded: the batch's time begins. */
  | { readonly kind: 'loaded' }
  | ImageOutcome
  | Progress
  | { readonly kind: 'finished' }
  | {
      readonly kind: 'failed';
      readonly failure: 'oom' | 'solver-error';
      readonly message: string;
      readonly stack: string;
    };

/** Thread -> main: what happens to its child and in its batch. */
export type FromThread =
  | { readonly kind: 'child'; readonly lease: string; readonly pid: number }
  | { readonly kind: 'child-gone'; readonly lease: string; readonly pid: number }
  | { readonly kind: 'batch'; readonly lease: string; readonly groupKey: string; readonly event: BatchEvent };

/** What a Piscina thread is given for a batch. */
export interface ThreadTask {
  readonly job: GroupJob;
  /** The batch is stopped so many seconds after its prior was loaded; null: never. */
  readonly timeoutSeconds: number | null;
}

/** workerData of every thread: each claims one lease when it starts. */
export interface ThreadSetup {
  readonly leases: readonly Lease[];
  /** One Int32 a lease: 0 free, 1 claimed. */
  readonly claims: SharedArrayBuffer;
}
