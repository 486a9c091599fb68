import type { Dataset } from '../data/dataset.ts';
import type { Precision } from '../engine/devices/kind.ts';
import type { DataRef } from '../identity/refs.ts';
import type { AnyMetric } from '../metrics/kinds.ts';
import type { PriorKind } from '../priors/prior-kind.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Task } from '../tasks/task.ts';

/** What results are of: names in stored rows are looked up there. */
export type Known = Pick<Registries, 'tasks' | 'metrics' | 'datasets' | 'openFolder'>;

/** Every name that a config may use. Passed in, so that plug-ins and tests bring their own. */
export interface Registries {
  readonly solvers: ReadonlyMap<string, Solver>;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly metrics: ReadonlyMap<string, AnyMetric>;
  readonly priors: ReadonlyMap<string, PriorKind>;
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** Device kinds: `cuda` of `cuda:0`. */
  readonly devices: ReadonlySet<string>;
  /** Throws UserError for a device name, or a precision of it, that no machine can give. */
  checkDevice(name: string, precision: Precision): void;
  /** A folder of the user's own pictures as a data set with the single split `test`. */
  openFolder(folder: string): Dataset;
}

/** The pictures that a setting is on. Throws Error for a set that no plug-in brings any more. */
export function datasetOf(
  data: DataRef,
  { datasets, openFolder }: Pick<Known, 'datasets' | 'openFolder'>,
): Dataset {
  return data.kind === 'folder' ? openFolder(data.folder) : named(datasets, data.name);
}

/** A plan holds only names that were looked up when it was made, so one is missing only when the program changed. */
export function named<T>(things: ReadonlyMap<string, T>, name: string): T {
  const thing = things.get(name);
  if (!thing) throw new Error(`"${name}" is not there any more; make the plan again`);
  return thing;
}
