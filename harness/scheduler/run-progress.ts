import type { Batch } from '../identity/refs.ts';

/** A batch at work on one lease. */
export interface RunningBatch {
  readonly batch: Batch;
  readonly started: number;
  done: number;
  total: number;
}

/**
 * How far a run is and how long it will take: the estimate that it began with, corrected by how fast it has turned out
 * to be once a tenth of it is over. Times are in seconds.
 */
export class RunProgress {
  readonly batches = new Map<string, RunningBatch>();
  readonly total: number;
  solved = 0;
  failed = 0;
  /** How far the jobs of a cluster are, in words; '' where there are none. */
  jobs = '';
  readonly #expected: ReadonlyMap<string, number>;
  readonly #workers: number;
  readonly #now: () => number;
  readonly #started: number;
  #left: number;
  #done = 0;

  /** `expected`: seconds of one worker for each cell to do; `now`: any clock. */
  constructor(expected: ReadonlyMap<string, number>, workers: number, now = () => performance.now() / 1000) {
    this.total = expected.size;
    this.#expected = expected;
    this.#workers = workers;
    this.#now = now;
    this.#started = now();
    this.#left = [...expected.values()].reduce((sum, seconds) => sum + seconds, 0);
  }

  begin(lease: string, batch: Batch): void {
    this.batches.set(lease, { batch, started: this.#now(), done: 0, total: 0 });
  }

  step(lease: string, done: number, total: number): void {
    const batch = this.batches.get(lease);
    if (batch) Object.assign(batch, { done, total });
  }

  /** A cell has a result, or has failed. */
  finish(cellKey: string, how: 'solved' | 'failed'): void {
    this[how]++;
    const seconds = this.#expected.get(cellKey) ?? 0;
    this.#left -= seconds;
    this.#done += seconds;
  }

  /** null before the first step. */
  batchSecondsLeft(lease: string): number | null {
    const batch = this.batches.get(lease);
    if (!batch || batch.done === 0) return null;
    return ((this.#now() - batch.started) / batch.done) * (batch.total - batch.done);
  }

  secondsLeft(): number {
    const partial = [...this.batches.values()].reduce((sum, { batch, done, total }) => {
      const expected = batch.items.reduce((n, { cellKey }) => n + (this.#expected.get(cellKey) ?? 0), 0);
      return sum + (total > 0 && done < total ? (expected * done) / total : 0);
    }, 0);
    const done = this.#done + partial;
    const left = Math.max(0, this.#left - partial);
    const elapsed = this.#now() - this.#started;
    return left * (done > 0.1 * (done + left) ? elapsed / done : 1 / this.#workers);
  }
}
