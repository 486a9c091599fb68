import { FEATURES_TO_EXPAND, frechetReplicates, ROWS_TO_EXPAND } from './frechet-replicates.ts';
import { jackknifeError, leaveOut } from './jackknife.ts';
import { checkComparison, featureRows } from './set-comparison.ts';
import type { FeatureExtractor, SetMetric } from './set-metric.ts';

/** As many pictures as Inception has features: with fewer the covariance is singular. */
export const FEW_PICTURES = 2048;

export const FRECHET_PROTOCOL = {
  covariance: 'divided by N - 1',
  precision: 'float64',
  trace: 'nuclear norm of the product of factors of the covariances',
};

/** What a standard error of many features adds to the protocol; the value is the same without. */
const EXPANDED = {
  standardError: `delete-block jackknife; from ${ROWS_TO_EXPAND} pictures a feature on by a second-order expansion`,
};

/** The Fréchet distance of an extractor's features, with the standard error of a delete-block jackknife. */
export function fidMetric(name: string, extractor: FeatureExtractor): SetMetric {
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
    protocol: { ...FRECHET_PROTOCOL, ...(extractor.dimensions >= FEATURES_TO_EXPAND && EXPANDED) },
    extractor,
    async score(comparison) {
      checkComparison(name, comparison);
      const { generated, reference } = comparison;
      const { value, replicates } = await frechetReplicates(
        featureRows(generated),
        featureRows(reference),
        leaveOut(comparison).map((left) => ({ a: left.generated, b: left.reference })),
      );
      const count = Math.min(generated.images.length, reference.images.length);
      const warnings = count < FEW_PICTURES ? [fewPictures(name, count)] : [];
      return { value, standardError: jackknifeError(replicates), replicates, warnings };
    },
  };
}

function fewPictures(name: string, count: number): string {
  return (
    `${name} of ${count} pictures: below ${FEW_PICTURES} its value is mostly a function of that number; ` +
    'compare equal numbers only, and look at kid'
  );
}
