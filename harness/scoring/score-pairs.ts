import { isCaptionMetric, isPlainMetric, type PictureMetric } from '../metrics/kinds.ts';
import type { Image8 } from '../metrics/metric.ts';
import type { OpenMetrics } from './open-metrics.ts';

/** A picture and what it is compared with. */
export interface PicturePair {
  readonly restored: Image8;
  /** Of the same size. */
  readonly truth: Image8;
  /** Throws UserError where the data set has no captions. */
  caption(): Promise<string>;
}

/** One value a pair; a metric that asks a network finds it among the open ones. */
export async function scorePairs(
  metric: PictureMetric,
  pairs: readonly PicturePair[],
  networks: OpenMetrics,
): Promise<number[]> {
  if (isPlainMetric(metric)) return pairs.map(({ restored, truth }) => metric.score(restored, truth));
  const restored = pairs.map((pair) => pair.restored);
  if (isCaptionMetric(metric)) {
    const captions = await Promise.all(pairs.map((pair) => pair.caption()));
    return (await networks.get(metric)).scores(restored, captions);
  }
  const truths = pairs.map(({ truth }) => truth);
  return (await networks.get(metric)).scores(restored, truths);
}
