import { isNetworkMetric, type PictureMetric } from '../metrics/kinds.ts';
import type { Image8 } from '../metrics/metric.ts';
import type { OpenMetrics } from './open-metrics.ts';

/** One value a pair of pictures of equal size; a metric that asks a network finds it among the open ones. */
export async function scorePairs(
  metric: PictureMetric,
  restored: readonly Image8[],
  truths: readonly Image8[],
  networks: OpenMetrics,
): Promise<number[]> {
  if (isNetworkMetric(metric)) return (await networks.get(metric)).scores(restored, truths);
  return restored.map((image, i) => metric.score(image, truths[i]!));
}
