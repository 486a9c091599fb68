import type { Known } from '../plan/registries.ts';
import { rolesOf } from '../tasks/roles.ts';

/** Whether a metric is asked for the results of a task: its number is of what methods find there. */
export function isAsked(
  { metrics, tasks }: Pick<Known, 'metrics' | 'tasks'>,
  metric: string,
  task: string,
): boolean {
  const of = metrics.get(metric)?.of;
  const kind = tasks.get(task)?.kind;
  return of === undefined || kind === undefined || rolesOf(kind).scored.includes(of);
}
