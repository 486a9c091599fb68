import { UserError } from '../errors.ts';
import { isCaptionMetric, isPlainMetric, type PictureMetric } from '../metrics/kinds.ts';
import type { Image8 } from '../metrics/metric.ts';
import type { OpenMetrics } from './open-metrics.ts';
import { refuseSize } from './refuse-size.ts';

/** A picture and what it is compared with. */
export interface PicturePair {
  /** As a message calls it. */
  readonly name: string;
  readonly restored: Image8;
  /** Of the same size. */
  readonly truth: Image8;
  /** Throws UserError where the data set has no captions. */
  caption(): Promise<string>;
}

/**
 * One value a pair; a metric that asks a network finds it among the open ones. Arithmetic may give infinity: the PSNR of
 * equal pictures.
 * @throws UserError naming the pair for pictures that the metric refuses, and for a value that is no number
 */
export async function scorePairs(
  metric: PictureMetric,
  pairs: readonly PicturePair[],
  networks: OpenMetrics,
): Promise<number[]> {
  for (const { restored, name } of pairs) refuseSize(metric, restored, name);
  const values = await valuesOf(metric, pairs, networks);
  for (const [i, value] of values.entries()) {
    if (isPlainMetric(metric) ? !Number.isNaN(value) : Number.isFinite(value)) continue;
    throw new UserError(`${metric.name} of ${pairs[i]!.name}: came out as ${value}; expected a number`);
  }
  return values;
}

async function valuesOf(
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
