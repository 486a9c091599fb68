import type { ImageMetric } from './metric.ts';
import type { CaptionMetric, NetworkMetric } from './network-metric.ts';
import type { SetMetric } from './set-metric.ts';

/** A number for each picture, by arithmetic or by asking a network. */
export type PictureMetric = ImageMetric | NetworkMetric | CaptionMetric;

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

/** Whether it compares a picture with its caption instead of its truth. */
export function isCaptionMetric(metric: AnyMetric): metric is CaptionMetric {
  return 'compares' in metric;
}

/** Whether it is plain arithmetic on a pair of pictures. */
export function isPlainMetric(metric: AnyMetric): metric is ImageMetric {
  return isPictureMetric(metric) && !('open' in metric);
}

export function levelOf(metric: AnyMetric): MetricLevel {
  return isSetMetric(metric) ? 'set' : 'image';
}
