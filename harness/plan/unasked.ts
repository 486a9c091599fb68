import type { AnyMetric } from '../metrics/kinds.ts';
import { scoredNames } from '../pictures/media.ts';
import { isScoredBy, rolesOf } from '../tasks/roles.ts';
import type { Experiment } from './experiment.ts';

/** Which metrics some tasks are not asked for, a line each. */
export function unaskedMetrics({ metrics, tasks }: Experiment): string[] {
  return [...new Map(tasks.map(({ task }) => [task.name, task])).values()].flatMap((task) => {
    const others = metrics.filter(({ metric }) => !isScoredBy(task.kind, metric));
    if (others.length === 0) return [];
    const { result, beside, unpaired } = rolesOf(task.kind);
    const finds = [result, ...beside].map((one) => scoredNames[one]).join(' and ');
    const names = others.map(({ metric }) => metric.name).join(', ');
    return [
      `${task.name} finds ${finds}${unpaired ? ' of no truth of their own' : ''}: not scored by ${names}`,
    ];
  });
}

/** After a metric's name: why no task of an experiment is asked for it. */
export function whyUnasked({ of, against }: Pick<AnyMetric, 'of' | 'against'>): string {
  return of === 'picture'
    ? `compares pictures with their ${against}; no task here has both`
    : `is of ${scoredNames[of]}; no task here finds any`;
}
