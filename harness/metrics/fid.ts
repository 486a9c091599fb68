import { checkComparison, featureRows } from './feature-rows.ts';
import { frechetDistance, gaussianOf } from './frechet.ts';
import { jackknifeError, leaveOut } from './jackknife.ts';
import type { FeatureExtractor, SetMetric } from './set-metric.ts';

/** As many pictures as Inception has features: with fewer the covariance is singular. */
export const FEW_PICTURES = 2048;

export const FRECHET_PROTOCOL = {
  covariance: 'divided by N - 1',
  precision: 'float64',
  trace: 'nuclear norm of the product of factors of the covariances',
};

/** The Fréchet distance of an extractor's features, with the standard error of a delete-block jackknife. */
export function fidMetric(name: string, extractor: FeatureExtractor): SetMetric {
  return {
    name,
    version: 1,
    better: 'lower',
    digits: 2,
    protocol: FRECHET_PROTOCOL,
    extractor,
    async score(comparison) {
      checkComparison(name, comparison);
      const { generated, reference } = comparison;
      const truth = await gaussianOf(featureRows(reference));
      const value = await frechetDistance(await gaussianOf(featureRows(generated)), truth);
      const replicates: number[] = [];
      for (const kept of leaveOut(comparison)) {
        const left = kept.reference ? await gaussianOf(featureRows(reference, kept.reference)) : truth;
        const part = await gaussianOf(featureRows(generated, kept.generated));
        replicates.push(await frechetDistance(part, left));
      }
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
