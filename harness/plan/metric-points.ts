import { lookUp } from '../config/entry.ts';
import type { Located } from '../config/located.ts';
import type { Precision } from '../engine/devices/kind.ts';
import { type SourceLocation, UserError } from '../errors.ts';
import type { AnyMetric } from '../metrics/kinds.ts';
import { rolesOf } from '../tasks/roles.ts';
import type { TaskPoint } from './experiment.ts';
import type { Registries } from './registries.ts';

/** A metric and where it is asked for. */
export interface MetricPoint {
  readonly metric: AnyMetric;
  readonly where: SourceLocation;
}

/** Looks a metric up. @throws UserError where it is unknown, or the precision would change its numbers */
export function readMetric(
  name: string,
  precision: Precision,
  { where }: Located,
  registries: Registries,
): MetricPoint {
  const metric = lookUp(registries.metrics, name, 'metric', where);
  // TF32 holds for a whole process, and scores know of no precision.
  if (precision === 'tf32' && metric.by === 'network')
    throw new UserError(
      `metric ${name} asks a network, which precision: tf32 would compute in TF32 too`,
      where,
    );
  return { metric, where };
}

/**
 * Those that each kind of task is usually compared by.
 * @throws UserError where there are none
 */
export function usualMetrics(tasks: readonly TaskPoint[], { where }: Located): string[] {
  const usual = [...new Set(tasks.flatMap(({ task }) => rolesOf(task.kind).metrics))];
  if (usual.length > 0 || tasks.length === 0) return usual;
  const [{ task }] = tasks as [TaskPoint];
  throw new UserError(
    `a task to ${rolesOf(task.kind).does} has no usual metric: expected some, as metrics: [fid-toy, trait-agreement]`,
    where,
  );
}
