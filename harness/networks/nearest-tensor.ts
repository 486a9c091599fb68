import { closest } from 'fastest-levenshtein';

/** A damaged file may have names of megabytes: beyond this, comparing takes longer than a person waits. */
const MAX_LENGTH = 200;
const MAX_NAMES = 5000;

/** The nearest of other tensors' names, if there are any that can be compared. */
export function nearestTensor(name: string, others: readonly string[]): string | undefined {
  const comparable = others.filter(({ length }) => length <= MAX_LENGTH).slice(0, MAX_NAMES);
  return name.length <= MAX_LENGTH && comparable.length > 0 ? closest(name, comparable) : undefined;
}
