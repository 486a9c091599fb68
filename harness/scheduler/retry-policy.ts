import { aloneOf } from '../identity/batch-methods.ts';
import type { Batch } from '../identity/refs.ts';
import type { FailureKind } from '../store/records.ts';

/** What `tweedie retry` tries by default: a value that is not finite, or an error of the solver's own, would come again. */
export const WORTH_A_RETRY: readonly FailureKind[] = ['oom', 'timeout', 'crashed', 'lost'];

/** A batch in the queue. */
export interface WorkItem {
  readonly batch: Batch;
  /** Cell keys that have no result yet. */
  readonly wanted: readonly string[];
  /** Attempts that this very batch may still take after a failure that may be chance. */
  readonly retries: number;
}

export function firstAttempt(batch: Batch, wanted: readonly string[]): WorkItem {
  return { batch, wanted, retries: 1 };
}

/**
 * What to run after a failed batch, for the cells that still lack a result; empty: they have failed.
 * A process that crashed or vanished is tried once more as it was, a single image that ran out of time too. Then a
 * batch is taken apart, so that only images that fail alone count as failed.
 */
export function afterFailure(item: WorkItem, failure: FailureKind, remaining: readonly string[]): WorkItem[] {
  const single = item.batch.items.length === 1;
  const mayBeChance = failure === 'crashed' || failure === 'lost' || (failure === 'timeout' && single);
  if (mayBeChance && item.retries > 0) return [{ ...item, wanted: remaining, retries: item.retries - 1 }];
  if (single) return [];
  return remaining.map((cellKey) => ({
    batch: { ...aloneOf(item.batch, cellKey), key: `${item.batch.key}/${cellKey}` },
    wanted: [cellKey],
    retries: 0,
  }));
}
