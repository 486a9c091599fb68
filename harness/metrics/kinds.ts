import type { ImageMetric, KernelMetric } from './metric.ts';
import type { CaptionMetric, NetworkMetric } from './network-metric.ts';
import type { SetMetric } from './set-metric.ts';

/** A number for each image; told apart by `by` and `against`. */
export type EachImageMetric = ImageMetric | NetworkMetric | CaptionMetric;

/** A number for each image (of its picture, labels or kernel), or one for a whole set: told apart by `level`. */
export type AnyMetric = EachImageMetric | KernelMetric | SetMetric;

/** Keeps the kind of a metric, so that an editor checks what it has to have. */
export function defineMetric<M extends AnyMetric>(metric: M): M {
  return metric;
}

/** What a metric's number is of. */
export type MetricLevel = AnyMetric['level'];
