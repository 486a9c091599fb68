import { metrics } from '../metrics/index.ts';
import { tasks } from '../tasks/index.ts';
import { rolesOf } from '../tasks/kinds.ts';

/** Whether a metric is asked for the results of a task: its number is of what methods find there. */
export function isAsked(metric: string, task: string): boolean {
  const of = metrics.find(({ name }) => name === metric)?.of;
  const kind = tasks.find(({ name }) => name === task)?.kind;
  return of === undefined || kind === undefined || rolesOf(kind).scored.includes(of);
}
