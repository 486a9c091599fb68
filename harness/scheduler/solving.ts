import { UserError } from '../errors.ts';
import { cellIdentity } from '../identity/keys.ts';
import type { Batch } from '../identity/refs.ts';
import type { Plan } from '../plan/plan.ts';
import type { Known } from '../plan/registries.ts';
import { writeRecord } from '../store/record-file.ts';
import type { FailureKind, SolutionRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { countAttempt, saveFailure, saveSolution } from '../store/writes.ts';
import type { GroupEnd } from '../worker/messages.ts';
import type { TimeLimits } from '../worker/watchdog.ts';
import { drain } from './drain.ts';
import type { RunEvents, RunSummary } from './events.ts';
import type { PatientWriter } from './patience.ts';
import { afterFailure, type WorkItem } from './retry-policy.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface RunOptions {
  /** The experiment's tasks, metrics and data sets, those of its plug-ins too. */
  readonly known: Known;
  /** False: only score what is solved already. */
  readonly solve: boolean;
  /** Stop at the first failed cell. */
  readonly failFast: boolean;
  readonly limits: TimeLimits;
  /** What the person was told; kept with the run. */
  readonly estimatedSeconds: number | null;
  /** Aborting it stops the run; what is stored stays. */
  readonly signal: AbortSignal;
  readonly events: RunEvents;
}

/** The state of one run: a queue that as many loops empty as there are leases. */
export class Solving {
  readonly #plan: Plan;
  readonly #store: Store;
  readonly #writer: PatientWriter;
  readonly #runId: number;
  readonly #queue: WorkItem[];
  readonly #options: RunOptions;
  readonly #summary: { solved: number; failed: number };
  readonly #stop = new AbortController();
  /** Cells that have neither a result nor a failure yet. */
  readonly #unsettled: Set<string>;

  constructor(
    plan: Plan,
    store: Store,
    writer: PatientWriter,
    runId: number,
    queue: WorkItem[],
    options: RunOptions,
    summary: { solved: number; failed: number },
  ) {
    this.#plan = plan;
    this.#store = store;
    this.#writer = writer;
    this.#runId = runId;
    this.#queue = queue;
    this.#options = options;
    this.#summary = summary;
    this.#unsettled = new Set(queue.flatMap(({ wanted }) => wanted));
  }

  /** @throws what could not be stored, when all workers have ended */
  async work(pool: WorkerPool, workers: number): Promise<RunSummary['outcome']> {
    const { signal } = this.#options;
    const stopping = AbortSignal.any([signal, this.#stop.signal]);
    const kill = () => void pool.killChildren();
    stopping.addEventListener('abort', kill);
    try {
      const loops = Math.min(workers, this.#queue.length);
      await drain(loops, () => this.#drain(pool, stopping), this.#stop);
    } finally {
      stopping.removeEventListener('abort', kill);
    }
    if (signal.aborted) return 'interrupted';
    return this.#stop.signal.aborted || this.#unsettled.size > 0 ? 'stopped' : 'finished';
  }

  async #drain(pool: WorkerPool, stopping: AbortSignal): Promise<void> {
    for (let item = this.#next(stopping); item; item = this.#next(stopping)) {
      const open = new Set(item.wanted);
      const end = await this.#runItem(pool, item, open);
      if (end.kind === 'stop') throw new UserError(end.message);
      // A batch that we stopped ourselves has neither result nor failure: it is still to do.
      if (end.kind === 'failed' && !stopping.aborted) await this.#handleFailure(item, end, [...open]);
    }
  }

  #next(stopping: AbortSignal): WorkItem | undefined {
    return stopping.aborted ? undefined : this.#queue.shift();
  }

  #runItem(pool: WorkerPool, item: WorkItem, open: Set<string>): Promise<GroupEnd> {
    const { events, limits } = this.#options;
    const job = { batch: item.batch, wanted: item.wanted, metrics: this.#plan.metrics };
    const task = { id: item.batch.key, work: { kind: 'solve', job } as const, limits };
    return pool.run(task, async (lease, event) => {
      switch (event.kind) {
        case 'started':
          events.batch(lease, item.batch);
          return;
        case 'ended':
          events.batchEnd(lease);
          return;
        case 'progress':
          events.step(lease, event.done, event.total);
          return;
        case 'solved':
          await this.#writer.write(() => {
            this.#record(item.batch, event.solution);
            saveSolution(this.#store, this.#runId, event.solution);
          });
          open.delete(event.solution.cellKey);
          this.#unsettled.delete(event.solution.cellKey);
          this.#summary.solved++;
          events.solved(event.solution.cellKey, item.batch, event.solution.scores);
          return;
        case 'nan':
          open.delete(event.cellKey);
          await this.#fail(item.batch, event.cellKey, 'nan', event.message, '');
          return;
      }
    });
  }

  /** The second copy comes first: a row whose record is missing could not be rebuilt. */
  #record(batch: Batch, solution: SolutionRecord): void {
    const item = batch.items.find(({ cellKey }) => cellKey === solution.cellKey)!;
    const { method, setting } = batch;
    const facts = {
      identity: cellIdentity(batch, item),
      taskKind: setting.kind,
      dataset: setting.data.name,
      imageShape: setting.imageShape,
      toy: method.prior?.toy ?? false,
      titles: { method: method.title, setting: setting.title },
    };
    writeRecord(this.#store, this.#runId, facts, solution);
  }

  async #handleFailure(
    item: WorkItem,
    end: GroupEnd & { kind: 'failed' },
    remaining: readonly string[],
  ): Promise<void> {
    const next = afterFailure(item, end.failure, remaining);
    if (next.length === 0) {
      for (const key of remaining) await this.#fail(item.batch, key, end.failure, end.message, end.logTail);
      return;
    }
    for (const key of remaining) await this.#writer.write(() => countAttempt(this.#store, key));
    this.#options.events.retrying(item.batch, end.failure, end.message, next.length);
    this.#queue.unshift(...next);
  }

  async #fail(
    batch: Batch,
    cellKey: string,
    kind: FailureKind,
    message: string,
    logTail: string,
  ): Promise<void> {
    await this.#writer.write(() => saveFailure(this.#store, { cellKey, kind, message, logTail }));
    this.#unsettled.delete(cellKey);
    this.#summary.failed++;
    this.#options.events.failed(cellKey, batch, kind, message);
    if (this.#options.failFast) this.#stop.abort();
  }
}
