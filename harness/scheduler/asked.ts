import type { Known } from '../plan/registries.ts';
import { isScoredBy, rolesOf } from '../tasks/roles.ts';

/** Whether a metric is asked for the results of a task: its number is of what methods find there. */
export function isAsked(
  { metrics, tasks }: Pick<Known, 'metrics' | 'tasks'>,
  metric: string,
  task: string,
): boolean {
  const [known, kind] = [metrics.get(metric), tasks.get(task)?.kind];
  return !known || kind === undefined || isScoredBy(kind, known);
}

/** Whether a metric compares results of a task with what no file of theirs holds. */
export function isPosedAgain(
  { metrics, tasks }: Pick<Known, 'metrics' | 'tasks'>,
  metric: string,
  task: string,
): boolean {
  const [known, kind] = [metrics.get(metric), tasks.get(task)?.kind];
  if (!known) return false;
  if (known.against === 'caption') return kind !== undefined && rolesOf(kind).wants === true;
  return known.of === 'measurement' || known.of === 'kept' || known.of === 'traits';
}
