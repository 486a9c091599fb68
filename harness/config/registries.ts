import type { z } from 'zod';
import type { Dataset } from '../data/dataset.ts';
import type { ImageMetric } from '../metrics/metric.ts';
import type { Solver } from '../solvers/solver.ts';
import type { InverseTask } from '../tasks/task.ts';

/** What a plan must know of a prior before any worker loads it. */
export interface PriorFacts {
  /** [C,H,W] of the images the prior models. */
  readonly imageShape: readonly [number, number, number];
  /** sha256 over all weight files. */
  readonly weightsSha256: string;
  /** Toy priors are labelled wherever their results show. */
  readonly toy: boolean;
}

/** The part of a prior's registration that configs use. */
export interface PriorKind {
  readonly name: string;
  readonly version: number;
  /** One line for `tweedie list priors`. */
  readonly description: string;
  readonly params: z.ZodObject;
  /** Reads files' hashes and headers, not the weights themselves. Throws UserError when files are missing. */
  inspect(params: Readonly<Record<string, unknown>>): Promise<PriorFacts>;
}

/** Every name that a config may use. Passed in, so that tests (and later plug-ins) bring their own. */
export interface Registries {
  readonly solvers: ReadonlyMap<string, Solver>;
  readonly tasks: ReadonlyMap<string, InverseTask>;
  readonly metrics: ReadonlyMap<string, ImageMetric>;
  readonly priors: ReadonlyMap<string, PriorKind>;
  readonly datasets: ReadonlyMap<string, Dataset>;
  /** Device kinds: `cuda` of `cuda:0`. */
  readonly devices: ReadonlySet<string>;
  /** A folder of the user's own pictures as a data set with the single split `test`. */
  openFolder(folder: string): Dataset;
}
