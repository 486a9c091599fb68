import type { AnyMetric } from '../metrics/kinds.ts';
import { scoredNames } from '../pictures/media.ts';
import { isScoredBy, rolesOf } from '../tasks/roles.ts';
import type { Experiment, TaskPoint } from './experiment.ts';

/** Which metrics some tasks are not asked for, a line each. */
export function unaskedMetrics({ metrics, tasks }: Experiment): string[] {
  return [...new Map(tasks.map(({ task }) => [task.name, task])).values()].flatMap((task) => {
    const others = metrics.filter(({ metric }) => !isScoredBy(task.kind, metric));
    if (others.length === 0) return [];
    const { result, beside, unpaired } = rolesOf(task.kind);
    const finds = [result, ...beside].map((one) => scoredNames[one]).join(' and ');
    const names = others.map(({ metric }) => metric.name).join(', ');
    return [`${task.name} finds ${finds}${unpaired ? ' without a truth' : ''}: not scored by ${names}`];
  });
}

/** After a metric's name: why none of these tasks is asked for it. */
export function whyUnasked({ of }: Pick<AnyMetric, 'of'>, tasks: readonly TaskPoint[]): string {
  return tasks.some(({ task }) => rolesOf(task.kind).scored.includes(of))
    ? `compares ${scoredNames[of]} with their truth; those of no task here have one`
    : `is of ${scoredNames[of]}; no task here finds any`;
}
