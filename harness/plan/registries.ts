import type { Dataset } from '../data/dataset.ts';
import type { Precision } from '../engine/devices/kind.ts';
import type { AnyMetric } from '../metrics/kinds.ts';
import type { PriorKind } from '../priors/prior-kind.ts';
import type { Solver } from '../solvers/solver.ts';
import type { Task } from '../tasks/task.ts';

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
