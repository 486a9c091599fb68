import { UserError } from '../errors.ts';
import type { EachImageMetric } from '../metrics/kinds.ts';
import type { ImageMetric } from '../metrics/metric.ts';
import type { Image8 } from '../pictures/image8.ts';
import type { OpenMetrics } from './open-metrics.ts';
import { refuseSize } from './refuse-size.ts';

/** A picture and what it is compared with. */
export interface PicturePair {
  /** As a message calls it. */
  readonly name: string;
  readonly restored: Image8;
  /** Of the same size. */
  readonly truth: Image8;
}

/** One whose picture is to show what its caption says. */
export interface CaptionedPair extends PicturePair {
  /** Throws UserError where the data set has no captions. */
  caption(): Promise<string>;
}

/**
 * What a metric that is arithmetic gives for one pair. It may be infinite: the PSNR of equal pictures.
 * @throws UserError naming the pair for pictures that the metric refuses, and for a value that is no number
 */
export function scorePair(metric: ImageMetric, { name, restored, truth }: PicturePair): number {
  refuseSize(metric, restored, name);
  const value = metric.score(restored, truth);
  if (Number.isNaN(value)) throw noNumber(metric, name, value);
  return value;
}

/**
 * One value a pair; a metric that asks a network finds it among the open ones.
 * @throws UserError naming the pair for pictures that the metric refuses, and for a value that is no number
 */
export async function scorePairs(
  metric: EachImageMetric,
  pairs: readonly CaptionedPair[],
  networks: OpenMetrics,
): Promise<number[]> {
  if (metric.by === 'arithmetic') return pairs.map((pair) => scorePair(metric, pair));
  for (const { restored, name } of pairs) refuseSize(metric, restored, name);
  const values = await networkValues(metric, pairs, networks);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) throw noNumber(metric, pairs[wrong]!.name, values[wrong]!);
  return values;
}

function noNumber({ name }: { readonly name: string }, pair: string, value: number): UserError {
  return new UserError(`${name} of ${pair}: came out as ${value}; expected a number`);
}

async function networkValues(
  metric: Exclude<EachImageMetric, ImageMetric>,
  pairs: readonly CaptionedPair[],
  networks: OpenMetrics,
): Promise<number[]> {
  const restored = pairs.map((pair) => pair.restored);
  if (metric.against === 'caption') {
    const captions = await Promise.all(pairs.map((pair) => pair.caption()));
    return (await networks.get(metric)).scores(restored, captions);
  }
  const truths = pairs.map(({ truth }) => truth);
  return (await networks.get(metric)).scores(restored, truths);
}
