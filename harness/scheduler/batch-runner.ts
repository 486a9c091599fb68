import { UserError } from '../errors.ts';
import type { MetricRef } from '../identity/refs.ts';
import type { GroupEnd } from '../worker/messages.ts';
import type { TimeLimits } from '../worker/watchdog.ts';
import type { RunEvents } from './events.ts';
import type { Outcomes } from './outcomes.ts';
import { afterFailure, type WorkItem } from './retry-policy.ts';
import type { WorkerPool } from './worker-pool.ts';

/** What is told of batches at work. */
export type BatchEvents = Pick<RunEvents, 'batch' | 'step' | 'batchEnd' | 'retrying'>;

/** Runs batches on a pool and hands over what becomes of their cells, one after the other. */
export class BatchRunner {
  readonly #pool: WorkerPool;
  readonly #work: { readonly metrics: readonly MetricRef[]; readonly limits: TimeLimits };
  readonly #outcomes: Outcomes;
  readonly #events: BatchEvents;

  constructor(
    pool: WorkerPool,
    work: { readonly metrics: readonly MetricRef[]; readonly limits: TimeLimits },
    outcomes: Outcomes,
    events: BatchEvents,
  ) {
    this.#pool = pool;
    this.#work = work;
    this.#outcomes = outcomes;
    this.#events = events;
  }

  /**
   * Runs a batch once; gives what is to be run because it has failed.
   * @param stopping a batch that we have stopped ourselves has neither result nor failure: it is still to do
   * @throws UserError where nothing can be kept any more
   */
  async run(item: WorkItem, stopping: AbortSignal): Promise<WorkItem[]> {
    const open = new Set(item.wanted);
    const end = await this.#runItem(item, open);
    if (end.kind === 'stop') throw new UserError(end.message);
    return end.kind === 'failed' && !stopping.aborted ? this.#afterFailure(item, end, [...open]) : [];
  }

  #runItem({ batch, wanted }: WorkItem, open: Set<string>): Promise<GroupEnd> {
    const { metrics, limits } = this.#work;
    const job = { batch, wanted, metrics };
    const task = { id: batch.key, work: { kind: 'solve', job } as const, limits };
    return this.#pool.run(task, async (lease, event) => {
      switch (event.kind) {
        case 'started':
          this.#events.batch(lease, batch);
          return;
        case 'ended':
          this.#events.batchEnd(lease);
          return;
        case 'progress':
          this.#events.step(lease, event.done, event.total);
          return;
        case 'solved':
          await this.#outcomes.solved(batch, event.solution);
          open.delete(event.solution.cellKey);
          return;
        case 'nan': {
          const { cellKey, message } = event;
          open.delete(cellKey);
          await this.#outcomes.failed(batch, { cellKey, kind: 'nan', message, logTail: '' });
          return;
        }
      }
    });
  }

  async #afterFailure(
    item: WorkItem,
    { failure: kind, message, logTail }: GroupEnd & { kind: 'failed' },
    remaining: readonly string[],
  ): Promise<WorkItem[]> {
    const next = afterFailure(item, kind, remaining);
    if (next.length === 0) {
      for (const cellKey of remaining)
        await this.#outcomes.failed(item.batch, { cellKey, kind, message, logTail });
      return [];
    }
    for (const cellKey of remaining) await this.#outcomes.again(cellKey);
    this.#events.retrying(item.batch, kind, message, next.length);
    return next;
  }
}
