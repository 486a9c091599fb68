import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../errors.ts';
import { cellIdentity } from '../identity/keys.ts';
import type { Batch } from '../identity/refs.ts';
import type { Plan } from '../plan/plan.ts';
import type { Known } from '../plan/registries.ts';
import { statesOf } from '../store/queries.ts';
import { writeRecord } from '../store/record-file.ts';
import type { FailureKind, SolutionRecord } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { countAttempt, saveFailure, saveSolution } from '../store/writes.ts';
import type { GroupEnd } from '../worker/messages.ts';
import type { TimeLimits } from '../worker/watchdog.ts';
import type { Claims } from './claims.ts';
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

/** Between two looks at cells that another run is solving. */
const AWAITING_MS = 1000;

/** The state of one run: a queue that as many loops empty as there are leases. */
export class Solving {
  readonly #plan: Plan;
  readonly #store: Store;
  readonly #writer: PatientWriter;
  readonly #runId: number;
  readonly #queue: WorkItem[];
  readonly #claims: Claims;
  readonly #options: RunOptions;
  readonly #summary: { cached: number; solved: number; failed: number };
  readonly #stop = new AbortController();
  /** Cells that have neither a result nor a failure yet. */
  readonly #unsettled: Set<string>;

  constructor(
    plan: Plan,
    store: Store,
    writer: PatientWriter,
    runId: number,
    queue: WorkItem[],
    claims: Claims,
    options: RunOptions,
    summary: { cached: number; solved: number; failed: number },
  ) {
    this.#plan = plan;
    this.#store = store;
    this.#writer = writer;
    this.#runId = runId;
    this.#queue = queue;
    this.#claims = claims;
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
    for (let item = await this.#next(stopping); item; item = await this.#next(stopping)) {
      const open = new Set(item.wanted);
      try {
        const end = await this.#runItem(pool, item, open);
        if (end.kind === 'stop') throw new UserError(end.message);
        // A batch that we stopped ourselves has neither result nor failure: it is still to do.
        if (end.kind === 'failed' && !stopping.aborted) await this.#handleFailure(item, end, [...open]);
      } finally {
        this.#claims.release(item.wanted);
      }
    }
  }

  /** The next batch with those of its cells that no other run is solving or has settled. */
  async #next(stopping: AbortSignal): Promise<WorkItem | undefined> {
    for (let busy = 0; !stopping.aborted; ) {
      const item = this.#queue.shift();
      if (!item) return undefined;
      const claimed = this.#claims.take(item.wanted);
      const others = item.wanted.filter((key) => !claimed.includes(key));
      if (others.length > 0) this.#queue.push({ ...item, wanted: others });
      const wanted = this.#unsettledOf(item.batch, claimed);
      if (wanted.length > 0) return { ...item, wanted };
      busy = others.length > 0 ? busy + 1 : 0;
      if (busy <= this.#queue.length) continue;
      this.#options.events.awaiting(this.#queue.reduce((sum, { wanted: { length } }) => sum + length, 0));
      await delay(AWAITING_MS, undefined, { signal: stopping }).catch(() => {});
      busy = 0;
    }
    return undefined;
  }

  /** Claimed cells that have no result yet; the others are given back. */
  #unsettledOf(batch: Batch, claimed: readonly string[]): string[] {
    const states = statesOf(this.#store, claimed);
    const settled = claimed.filter((key) => states.get(key) !== 'todo');
    for (const key of settled) {
      const how = states.get(key) === 'done' ? 'solved' : 'failed';
      if (how === 'solved') this.#summary.cached++;
      this.#unsettled.delete(key);
      this.#options.events.elsewhere(key, batch, how);
    }
    this.#claims.release(settled);
    return claimed.filter((key) => !settled.includes(key));
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
