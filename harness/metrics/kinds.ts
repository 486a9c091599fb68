import type { ImageMetric } from './metric.ts';
import type { NetworkMetric } from './network-metric.ts';
import type { SetMetric } from './set-metric.ts';

/** A number for each picture, by arithmetic or by asking a network. */
export type PictureMetric = ImageMetric | NetworkMetric;

/** A number for each picture, or one for a whole set. */
export type AnyMetric = PictureMetric | SetMetric;

/** What a metric's number is of. */
export type MetricLevel = 'image' | 'set';

export function isSetMetric(metric: AnyMetric): metric is SetMetric {
  return 'extractor' in metric;
}

export function isPictureMetric(metric: AnyMetric): metric is PictureMetric {
  return !isSetMetric(metric);
}

/** Whether it needs a device and perhaps weights, one picture at a time. */
export function isNetworkMetric(metric: AnyMetric): metric is NetworkMetric {
  return 'open' in metric;
}

/** Whether it is plain arithmetic on a pair of pictures. */
export function isPlainMetric(metric: AnyMetric): metric is ImageMetric {
  return isPictureMetric(metric) && !isNetworkMetric(metric);
}

export function levelOf(metric: AnyMetric): MetricLevel {
  return isSetMetric(metric) ? 'set' : 'image';
}
