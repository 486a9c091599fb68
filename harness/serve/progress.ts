import { processOf } from '../scheduler/process-note.ts';
import { runAtWork } from '../scheduler/run-lock.ts';
import {
  type ExperimentStatus,
  experimentNames,
  experimentStatus,
  type FailureRow,
  failureRows,
  type MeanRow,
  meanRows,
} from '../store/queries.ts';
import { solvedByLatestRun } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { type Version, versionsOf } from '../store/versions.ts';

/** Failures that a page names. */
const NAMED = 5;

/** How far an experiment's last version is. */
export interface Progress extends ExperimentStatus {
  /** `process 12`, which is at work on it; null: none. */
  readonly running: string | null;
  /** Of the run that is at work, by its speed so far; null: none is, or it has solved nothing yet. */
  readonly secondsLeft: number | null;
  readonly firstFailures: readonly FailureRow[];
  /** Only of one that is not done: a report has the others'. */
  readonly means: readonly MeanRow[];
  readonly versions: readonly Version[];
}

/** Of all experiments of a results folder. `now` in milliseconds since 1970. */
export function progressOf(store: Store, now: number): Progress[] {
  return experimentNames(store).map((name) => {
    const status = experimentStatus(store, name);
    const run = runAtWork(store.dir, name);
    const isSolving = run !== null && status.lastRun?.outcome === null;
    const solved = isSolving ? solvedByLatestRun(store, name) : 0;
    const elapsed = status.lastRun ? (now - Date.parse(status.lastRun.started)) / 1000 : 0;
    return {
      ...status,
      running: run && processOf(run),
      secondsLeft: solved === 0 ? null : (elapsed / solved) * status.todo,
      firstFailures: status.failed > 0 ? failureRows(store, name).slice(0, NAMED) : [],
      means: status.todo > 0 ? meanRows(store, name) : [],
      versions: versionsOf(store, name),
    };
  });
}
