import type { CellGroup, Plan } from '../config/plan.ts';
import { statesOf } from '../store/queries.ts';
import type { CellRecord, CellStatus, FailureKind } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import {
  countAttempt,
  endRun,
  registerExperiment,
  saveFailure,
  saveSolution,
  startRun,
} from '../store/writes.ts';
import type { GroupEnd, Lease } from '../worker/messages.ts';
import type { RunEvents, RunSummary } from './events.ts';
import { describeRun } from './provenance.ts';
import { afterFailure, firstAttempt, type WorkItem } from './retry-policy.ts';
import type { RunLock } from './run-lock.ts';
import { lacksScores, scorePlan } from './score-plan.ts';
import { WorkerPool } from './worker-pool.ts';

export interface RunOptions {
  /** False: only score what is solved already. */
  readonly solve: boolean;
  /** Stop at the first failed cell. */
  readonly failFast: boolean;
  /** A batch that takes longer, once its prior is loaded, is stopped; null: never. */
  readonly timeoutSeconds: number | null;
  /** What the person was told; kept with the run. */
  readonly estimatedSeconds?: number | null;
  /** Aborting it stops the run; what is stored stays. */
  readonly signal: AbortSignal;
  readonly events: RunEvents;
}

/** Enters the plan's cells into the store. */
export function registerPlan(store: Store, plan: Plan): void {
  registerExperiment(store, { ...plan, cells: plan.groups.flatMap(cellRecords) });
}

/** The batches that lack a result, each as the plan composed it, with the cells that are still to do. */
export function workToDo(plan: Plan, states: ReadonlyMap<string, CellStatus>): WorkItem[] {
  return plan.groups.flatMap((group) => {
    const wanted = group.items
      .map(({ cellKey }) => cellKey)
      .filter((key) => (states.get(key) ?? 'todo') === 'todo');
    return wanted.length > 0 ? [firstAttempt(group, wanted)] : [];
  });
}

/**
 * Runs what a registered plan still lacks, then scores what its pictures lack. Every image and every number is stored as
 * soon as it is there, so a run may be killed at any moment and the same call goes on from there.
 */
export async function runPlan(
  plan: Plan,
  store: Store,
  lock: RunLock,
  leases: readonly Lease[],
  options: RunOptions,
): Promise<RunSummary> {
  const started = performance.now();
  const keys = plan.groups.flatMap(({ items }) => items.map(({ cellKey }) => cellKey));
  const states = statesOf(store, keys);
  const queue = options.solve ? workToDo(plan, states) : [];
  const cached = keys.filter((key) => states.get(key) === 'done').length;
  const summary = { cached, solved: 0, failed: 0, scored: 0, unscored: [] };
  if (queue.length === 0 && !lacksScores(store, plan.name)) {
    return { ...summary, outcome: 'finished', seconds: 0 };
  }

  const pool = new WorkerPool(leases, lock);
  try {
    const outcome =
      queue.length > 0 ? await solve(plan, store, queue, pool, leases, options, summary) : 'finished';
    const scores = outcome === 'finished' ? await score(plan, store, pool, leases, options) : {};
    const seconds = (performance.now() - started) / 1000;
    const ended = options.signal.aborted ? 'interrupted' : outcome;
    return { ...summary, ...scores, outcome: ended, seconds };
  } finally {
    await pool.close();
  }
}

async function solve(
  plan: Plan,
  store: Store,
  queue: WorkItem[],
  pool: WorkerPool,
  leases: readonly Lease[],
  options: RunOptions,
  summary: { solved: number; failed: number },
): Promise<RunSummary['outcome']> {
  const runId = startRun(store, plan.name, {
    ...describeRun(leases),
    estimatedSeconds: options.estimatedSeconds ?? null,
  });
  const run = new Run(plan, store, runId, queue, options, summary);
  const outcome = await run.work(pool, leases.length);
  endRun(store, runId, outcome);
  return outcome;
}

async function score(
  { name }: Plan,
  store: Store,
  pool: WorkerPool,
  leases: readonly Lease[],
  { signal, events }: RunOptions,
): Promise<Pick<RunSummary, 'scored' | 'unscored'>> {
  const kill = () => void pool.killChildren();
  signal.addEventListener('abort', kill);
  try {
    return await scorePlan(store, name, pool, {
      workers: leases.length,
      signal,
      onProgress: (done, total) => events.scoring(done, total),
    });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** The state of one run: a queue that as many loops empty as there are leases. */
class Run {
  readonly #plan: Plan;
  readonly #store: Store;
  readonly #runId: number;
  readonly #queue: WorkItem[];
  readonly #options: RunOptions;
  readonly #summary: { solved: number; failed: number };
  readonly #stop = new AbortController();

  constructor(
    plan: Plan,
    store: Store,
    runId: number,
    queue: WorkItem[],
    options: RunOptions,
    summary: { solved: number; failed: number },
  ) {
    this.#plan = plan;
    this.#store = store;
    this.#runId = runId;
    this.#queue = queue;
    this.#options = options;
    this.#summary = summary;
  }

  async work(pool: WorkerPool, workers: number): Promise<RunSummary['outcome']> {
    const { signal } = this.#options;
    const stopping = AbortSignal.any([signal, this.#stop.signal]);
    const kill = () => void pool.killChildren();
    stopping.addEventListener('abort', kill);
    try {
      const drains = Math.min(workers, this.#queue.length);
      await Promise.all(Array.from({ length: drains }, () => this.#drain(pool, stopping)));
    } finally {
      stopping.removeEventListener('abort', kill);
    }
    if (signal.aborted) return 'interrupted';
    return this.#stop.signal.aborted ? 'stopped' : 'finished';
  }

  async #drain(pool: WorkerPool, stopping: AbortSignal): Promise<void> {
    for (let item = this.#next(stopping); item; item = this.#next(stopping)) {
      const open = new Set(item.wanted);
      const end = await this.#runItem(pool, item, open);
      // A batch that we stopped ourselves has neither result nor failure: it is still to do.
      if (end.kind === 'failed' && !stopping.aborted) this.#handleFailure(item, end, [...open]);
    }
  }

  #next(stopping: AbortSignal): WorkItem | undefined {
    return stopping.aborted ? undefined : this.#queue.shift();
  }

  #runItem(pool: WorkerPool, item: WorkItem, open: Set<string>): Promise<GroupEnd> {
    const { events, timeoutSeconds } = this.#options;
    const job = { group: item.group, wanted: item.wanted, metrics: this.#plan.metrics };
    const task = { id: item.group.groupKey, work: { kind: 'solve', job } as const, timeoutSeconds };
    return pool.run(task, (lease, event) => {
      switch (event.kind) {
        case 'started':
          events.batch(lease, item.group);
          return;
        case 'ended':
          events.batchEnd(lease);
          return;
        case 'progress':
          events.step(lease, event.done, event.total);
          return;
        case 'solved':
          open.delete(event.solution.cellKey);
          saveSolution(this.#store, this.#runId, event.solution);
          this.#summary.solved++;
          events.solved(event.solution.cellKey);
          return;
        case 'nan':
          open.delete(event.cellKey);
          this.#fail(item.group, event.cellKey, 'nan', event.message, '');
          return;
      }
    });
  }

  #handleFailure(item: WorkItem, end: GroupEnd & { kind: 'failed' }, remaining: readonly string[]): void {
    const next = afterFailure(item, end.failure, remaining);
    if (next.length === 0) {
      for (const key of remaining) this.#fail(item.group, key, end.failure, end.message, end.logTail);
      return;
    }
    for (const key of remaining) countAttempt(this.#store, key);
    this.#options.events.retrying(item.group, end.failure, end.message, next.length);
    this.#queue.unshift(...next);
  }

  #fail(group: CellGroup, cellKey: string, kind: FailureKind, message: string, logTail: string): void {
    saveFailure(this.#store, { cellKey, kind, message, logTail });
    this.#summary.failed++;
    this.#options.events.failed(cellKey, group, kind, message);
    if (this.#options.failFast) this.#stop.abort();
  }
}

function cellRecords(group: CellGroup): CellRecord[] {
  return group.items.map((item) => ({
    ...group,
    key: item.cellKey,
    dataset: group.data.name,
    item: item.id,
    itemSha256: item.sha256,
  }));
}
