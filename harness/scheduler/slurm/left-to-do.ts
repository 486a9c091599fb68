import { afterFailure, firstAttempt, type WorkItem } from '../retry-policy.ts';
import { isLater } from './life.ts';
import { cellOf, type Part } from './part.ts';
import type { SlicedBatch } from './slices.ts';
import type { Entry } from './submission.ts';

/** Elements that end at the same batch, none getting further, before it is taken apart: the next is the last. */
const WHOLE_ATTEMPTS = 2;

/**
 * What an element is to run: its slice without what earlier lives have found. Where elements have ended, again and again,
 * at one batch, that one is taken image by image, so that one picture that needs too much memory does not cost the others.
 */
export function leftToDo(
  batches: readonly SlicedBatch[],
  earlier: readonly Part[],
  { failures, failed }: Pick<Entry, 'failures' | 'failed'>,
): WorkItem[] {
  const settled = new Set([...failed, ...settledBy(earlier)]);
  const culprits = new Set(failures < WHOLE_ATTEMPTS ? [] : (latest(earlier)?.atWork ?? []));
  return batches.flatMap(({ batch, wanted }) => {
    const left = wanted.filter((cellKey) => !settled.has(cellKey));
    if (left.length === 0) return [];
    const item = firstAttempt(batch, left);
    if (batch.items.length === 1 || !batch.items.some(({ cellKey }) => culprits.has(cellKey))) return [item];
    return afterFailure({ ...item, retries: 0 }, 'crashed', left);
  });
}

/** Keys of the cells that have a result, or have failed, in these. */
function settledBy(parts: readonly Part[]): string[] {
  return parts.flatMap(({ outcomes }) => outcomes.map(cellOf));
}

/** What is known of the last life. */
export function latest<T extends Pick<Part, 'life'>>(lives: readonly T[]): T | undefined {
  return lives.reduce<T | undefined>(
    (last, one) => (last === undefined || isLater(one.life, last.life) ? one : last),
    undefined,
  );
}
