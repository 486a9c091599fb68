import { UserError } from '../errors.ts';
import { groupBy } from '../group-by.ts';
import type { AnyMetric } from '../metrics/kinds.ts';
import { scoredNames } from '../pictures/media.ts';
import { isScoredBy, rolesOf } from '../tasks/roles.ts';
import type { Experiment, TaskPoint } from './experiment.ts';
import type { MetricPoint } from './metric-points.ts';
import type { Registries } from './registries.ts';

/** Which metrics some tasks are not asked for, a line each. */
export function unaskedMetrics({ metrics, tasks }: Experiment): string[] {
  return [...new Map(tasks.map(({ task }) => [task.name, task])).values()].flatMap((task) => {
    const others = metrics.filter(({ metric }) => !isScoredBy(task.kind, metric));
    if (others.length === 0) return [];
    const { result, beside, unpaired } = rolesOf(task.kind);
    const finds = [result, ...beside].map((one) => scoredNames[one]).join(' and ');
    const byReason = groupBy(others, ({ metric }) =>
      rolesOf(task.kind).scored.includes(metric.of)
        ? `compare ${scoredNames[metric.of]} with their truth`
        : `score ${scoredNames[metric.of]}`,
    );
    const names = [...byReason].map(
      ([what, some]) => `${some.map(({ metric }) => metric.name).join(', ')} (made to ${what})`,
    );
    return [
      `${task.name} finds ${finds}${unpaired ? ' without a truth' : ''}: not scored by ${names.join(', ')}`,
    ];
  });
}

/** Throws UserError for a metric that no task is asked for: its number is of something else than their methods find. */
export function refuseUnasked(
  metrics: readonly MetricPoint[],
  tasks: readonly TaskPoint[],
  registries: Registries,
): void {
  for (const { metric, where } of metrics)
    if (!tasks.some(({ task }) => isScoredBy(task.kind, metric)))
      throw new UserError(
        `metric ${metric.name} ${whyUnasked(metric, tasks)}: expected ${metricsOf(tasks, registries)}`,
        where,
      );
}

/** `one of psnr, ssim, ...`: the metrics that some of these tasks are scored by. */
function metricsOf(tasks: readonly TaskPoint[], { metrics }: Registries): string {
  const fitting = [...metrics.values()].filter((metric) =>
    tasks.some(({ task }) => isScoredBy(task.kind, metric)),
  );
  return `one of ${fitting.map(({ name }) => name).join(', ')}`;
}

/** After a metric's name: why none of these tasks is asked for it. */
export function whyUnasked({ of }: Pick<AnyMetric, 'of'>, tasks: readonly TaskPoint[]): string {
  return tasks.some(({ task }) => rolesOf(task.kind).scored.includes(of))
    ? `compares ${scoredNames[of]} with their truth; those of no task here have one`
    : `is of ${scoredNames[of]}; no task here finds any`;
}
