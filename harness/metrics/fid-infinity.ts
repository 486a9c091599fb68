import { uniforms } from '../engine/random.ts';
import { UserError } from '../errors.ts';
import { piecesOf } from './feature-matrix.ts';
import { FEW_PICTURES, FRECHET_PROTOCOL } from './fid.ts';
import { frechetDistance, gaussianOfMoments, gaussianOfRows } from './frechet.ts';
import { RunningMoments } from './moments.ts';
import { checkComparison, featureRows } from './set-comparison.ts';
import type { FeatureExtractor, SetMetric } from './set-metric.ts';

/** Sizes of the generated set, from half of it to all. */
const SIZES = 15;

/**
 * FID-infinity (Chong and Forsyth 2020, "Effectively unbiased FID and Inception score"): the straight line through the
 * distances of subsets over 1/N, at 1/N = 0. From 400 to 1,000 pictures it misses by ten: it takes
 * none smaller than FEW_PICTURES and throws UserError where that cannot be.
 */
export function fidInfinityMetric(name: string, extractor: FeatureExtractor): SetMetric {
  return {
    name,
    title: name.replace('fid', 'FID'),
    version: 1,
    of: 'picture',
    against: 'reference-set',
    level: 'set',
    by: 'network',
    better: 'lower',
    digits: 2,
    protocol: { ...FRECHET_PROTOCOL, extrapolation: `line in 1/N through ${SIZES} sizes from N/2 to N` },
    extractor,
    async score(comparison) {
      checkComparison(name, comparison);
      const { generated, reference } = comparison;
      const count = generated.images.length;
      if (count < 2 * FEW_PICTURES || reference.images.length < FEW_PICTURES)
        throw new UserError(
          `${name}: found ${count} generated pictures and ${reference.images.length} of the reference; ` +
            `expected at least ${2 * FEW_PICTURES} and ${FEW_PICTURES}`,
        );
      const truth = await gaussianOfRows(featureRows(reference));
      const features = featureRows(generated);
      const order = shuffled(count);
      // Each size is the one before and some more.
      const moments = new RunningMoments(features.columns);
      const points: [x: number, y: number][] = [];
      for (let i = 0; i < SIZES; i++) {
        const size = Math.round((count / 2) * (1 + i / (SIZES - 1)));
        for (const piece of piecesOf(features, order.slice(moments.count, size))) await moments.add(piece);
        points.push([1 / size, await frechetDistance(await gaussianOfMoments(moments.moments()), truth)]);
      }
      return { value: lineAtZero(points), standardError: null, replicates: [], warnings: [] };
    },
  };
}

/** 0 .. count - 1 in an order that depends on the count alone (Fisher and Yates). */
function shuffled(count: number): number[] {
  const next = uniforms({ seed: 0, role: 'sample', image: 'fid-infinity', draw: count });
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Value at x = 0 of the least-squares line. */
export function lineAtZero(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: (p: readonly [number, number]) => number) =>
    points.reduce((sum, p) => sum + of(p), 0) / points.length;
  const [x, y] = [mean((p) => p[0]), mean((p) => p[1])];
  const slope = mean((p) => (p[0] - x) * (p[1] - y)) / mean((p) => (p[0] - x) ** 2);
  return y - slope * x;
}
