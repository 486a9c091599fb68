import type { KeptMetric } from './kept.ts';
import type { MeasurementMetric } from './measurement.ts';
import type { ImageMetric, KernelMetric } from './metric.ts';
import type { CaptionMetric, NetworkMetric } from './network-metric.ts';
import type { SetMetric } from './set-metric.ts';
import type { TraitMetric } from './traits.ts';

/** A number for each image; told apart by `by` and `against`. */
export type EachImageMetric = ImageMetric | NetworkMetric | CaptionMetric;

/** A number for each image, or one for a whole set: told apart by `level` and `of`. */
export type AnyMetric =
  | EachImageMetric
  | KernelMetric
  | MeasurementMetric
  | KeptMetric
  | TraitMetric
  | SetMetric;

/** Whether it gives a number for each image of the picture or the labels alone. */
export function isOfImages(metric: AnyMetric): metric is EachImageMetric {
  return metric.level === 'image' && (metric.of === 'picture' || metric.of === 'labels');
}

/** Keeps the kind of a metric, so that an editor checks what it has to have. */
export function defineMetric<M extends AnyMetric>(metric: M): M {
  return metric;
}

/** What a metric's number is of. */
export type MetricLevel = AnyMetric['level'];
