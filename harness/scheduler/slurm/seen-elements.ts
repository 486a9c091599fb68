import type { ElementState } from './cluster.ts';
import { isEnd } from './element-state.ts';

/** What is known of one job's elements, by index. */
export type States = ReadonlyMap<number, ElementState>;

/**
 * What has been seen of the elements of arrays. Slurm forgets: its queue what has ended a while ago, and all of it what was cancelled
 * before its start. An end is an end unless the queue has the element again.
 */
export class SeenElements {
  readonly #seen = new Map<string, States>();
  /** Jobs whose earlier elements are known too. */
  readonly #lookedUp = new Set<string>();
  readonly #cancelled = new Map<string, Set<number> | 'all'>();

  submitted(job: string, indices: readonly number[]): void {
    this.#seen.set(job, new Map(indices.map((index) => [index, { kind: 'pending' }])));
    this.#lookedUp.add(job);
  }

  /** @param indices all elements where they are left out */
  cancelled(job: string, indices?: readonly number[]): void {
    const before = this.#cancelled.get(job);
    const all = before === 'all' || !indices;
    this.#cancelled.set(job, all ? 'all' : new Set([...(before ?? []), ...indices]));
  }

  of(job: string): States {
    return this.#seen.get(job) ?? new Map();
  }

  /** Whether the accounting has to be asked: an element has left the queue, or may have before anybody looked. */
  isIncomplete(job: string, queue: States): boolean {
    const hasLeft = [...this.of(job)].some(([index, seen]) => !isEnd(seen) && !queue.has(index));
    return hasLeft || !this.#lookedUp.has(job);
  }

  /** @param accounting null: it was not asked, or does not answer */
  update(job: string, queue: States, accounting: States | null): void {
    const seen = this.of(job);
    const indices = new Set([...seen.keys(), ...queue.keys(), ...(accounting?.keys() ?? [])]);
    const now = [...indices].map((index): [number, ElementState] => {
      const before = seen.get(index);
      const live = queue.get(index);
      return [index, live ?? (before && isEnd(before) ? before : this.#gone(job, index, accounting))];
    });
    this.#seen.set(job, new Map(now));
    if (accounting !== null) this.#lookedUp.add(job);
  }

  /** Of an element that is not in the queue and whose end was not seen. */
  #gone(job: string, index: number, accounting: States | null): ElementState {
    const accounted = accounting?.get(index);
    if (accounted && isEnd(accounted)) return accounted;
    const cancelled = this.#cancelled.get(job);
    if (cancelled === 'all' || cancelled?.has(index))
      return { kind: 'failed', failure: 'cancelled', said: 'CANCELLED' };
    if (accounting === null) return { kind: 'unknown', said: 'gone from the queue; no accounting answers' };
    const still = accounted ? `still has it ${accounted.kind}` : 'has no trace of it';
    return { kind: 'unknown', said: `gone from the queue; the accounting ${still}` };
  }
}
