import { UserError } from '../errors.ts';
import type { SetMetric, SetScore } from '../metrics/set-metric.ts';
import type { FeatureCache } from './feature-cache.ts';
import { cachedFeatures } from './features.ts';

/** A picture whose features are in the cache, with the id of the image that it shows. */
export interface CachedPicture {
  readonly sha256: string;
  readonly image: string;
}

/** Pictures whose features are compared. */
export interface CachedComparison {
  readonly generated: readonly CachedPicture[];
  readonly reference: readonly CachedPicture[];
  /** The references are the truths of the generated pictures. */
  readonly paired: boolean;
}

/**
 * The number of a set, of features that are in the cache.
 * @throws UserError for sets that have none, and where the number or its error comes out infinite or NaN
 */
export async function scoreSet(
  metric: SetMetric,
  cache: FeatureCache,
  { generated, reference, paired }: CachedComparison,
): Promise<SetScore> {
  const { dimensions } = metric.extractor;
  const score = await metric.score({
    generated: cachedFeatures(generated, cache, dimensions),
    reference: cachedFeatures(reference, cache, dimensions),
    paired,
  });
  const numbers = [score.value, score.standardError ?? 0, ...score.replicates];
  const wrong = numbers.find((value) => !Number.isFinite(value));
  if (wrong === undefined) return score;
  throw new UserError(
    `${metric.name}: came out as ${wrong} for ${generated.length} pictures against ${reference.length}; expected a finite number`,
  );
}
