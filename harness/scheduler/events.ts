import type { Batch } from '../identity/refs.ts';
import type { FailureKind, ScoreRecord } from '../store/records.ts';

/** What the person at the terminal may want to see of a run. */
export interface RunEvents {
  /** A worker begins a batch. */
  batch(lease: string, batch: Batch): void;
  step(lease: string, done: number, total: number): void;
  batchEnd(lease: string): void;
  solved(cellKey: string, batch: Batch, scores: readonly ScoreRecord[]): void;
  failed(cellKey: string, batch: Batch, kind: FailureKind, message: string): void;
  /** A batch failed and goes on in another way. */
  retrying(batch: Batch, kind: FailureKind, message: string, howMany: number): void;
  /** Another process keeps the results locked. */
  waiting(): void;
  /** Another run has solved a cell meanwhile, or has failed to. */
  elsewhere(cellKey: string, batch: Batch, how: 'solved' | 'failed'): void;
  /** Nothing is left to do but cells that another run is solving. */
  awaiting(cells: number): void;
  /** How far the jobs of a cluster are, in words. */
  jobs(line: string): void;
  /** A line for the person. */
  note(line: string): void;
  /** Pictures and sets scored after solving, and how many of them there are. */
  scoring(done: number, total: number): void;
}

export interface RunSummary {
  readonly outcome: 'finished' | 'interrupted' | 'stopped';
  /** Cells that had a result before, or have got it from another run meanwhile. */
  readonly cached: number;
  readonly solved: number;
  /** Cells that failed in this run. */
  readonly failed: number;
  readonly seconds: number;
  /** Numbers computed of stored pictures, beside those that came with solving. */
  readonly scored: number;
  /** Why numbers are missing that should be there, one line each; empty where all are. */
  readonly unscored: readonly string[];
  /** Why nothing could be stored any more, in one line; null where it could. */
  readonly trouble: string | null;
}
