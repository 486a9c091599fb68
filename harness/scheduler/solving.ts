import { setTimeout as delay } from 'node:timers/promises';
import type { Batch } from '../identity/refs.ts';
import type { Plan } from '../plan/plan.ts';
import type { Known } from '../plan/registries.ts';
import { statesOf } from '../store/queries.ts';
import type { Store } from '../store/store.ts';
import type { TimeLimits } from '../worker/watchdog.ts';
import { BatchRunner } from './batch-runner.ts';
import type { Claims } from './claims.ts';
import { drain } from './drain.ts';
import type { RunEvents, RunSummary } from './events.ts';
import type { Outcomes, StoredOutcomes } from './outcomes.ts';
import type { WorkItem } from './retry-policy.ts';
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
  readonly #stored: StoredOutcomes;
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
    stored: StoredOutcomes,
    queue: WorkItem[],
    claims: Claims,
    options: RunOptions,
    summary: { cached: number; solved: number; failed: number },
  ) {
    this.#plan = plan;
    this.#store = store;
    this.#stored = stored;
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
      const work = { metrics: this.#plan.metrics, limits: this.#options.limits };
      const runner = new BatchRunner(pool, work, this.#outcomes(), this.#options.events);
      const loops = Math.min(workers, this.#queue.length);
      await drain(loops, () => this.#drain(runner, stopping), this.#stop);
    } finally {
      stopping.removeEventListener('abort', kill);
    }
    if (signal.aborted) return 'interrupted';
    return this.#stop.signal.aborted || this.#unsettled.size > 0 ? 'stopped' : 'finished';
  }

  async #drain(runner: BatchRunner, stopping: AbortSignal): Promise<void> {
    for (let item = await this.#next(stopping); item; item = await this.#next(stopping)) {
      try {
        this.#queue.unshift(...(await runner.run(item, stopping)));
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

  /** Into the store, and to the person. */
  #outcomes(): Outcomes {
    const { events, failFast } = this.#options;
    return {
      solved: async (batch, solution) => {
        await this.#stored.solved(batch, solution);
        this.#unsettled.delete(solution.cellKey);
        this.#summary.solved++;
        events.solved(solution.cellKey, batch, solution.scores);
      },
      failed: async (batch, failure) => {
        await this.#stored.failed(batch, failure);
        this.#unsettled.delete(failure.cellKey);
        this.#summary.failed++;
        events.failed(failure.cellKey, batch, failure.kind, failure.message);
        if (failFast) this.#stop.abort();
      },
      again: (cellKey) => this.#stored.again(cellKey),
    };
  }
}
