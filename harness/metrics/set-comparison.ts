import { UserError } from '../errors.ts';
import { type FeatureMatrix, selectRows } from './feature-matrix.ts';
import type { FeatureSet, SetComparison } from './set-metric.ts';

/** Pictures on either side. */
export const FEWEST_OF_A_SET = 2;

/** Throws UserError for fewer than two pictures on a side, or features that do not belong together. */
export function checkComparison(metric: string, { generated, reference }: SetComparison): void {
  for (const [side, set] of Object.entries({ generated, reference })) {
    const count = set.images.length;
    if (count < FEWEST_OF_A_SET)
      throw new UserError(
        `${metric}: ${count === 1 ? 'one picture' : 'no picture'} on the ${side} side; expected at least ${FEWEST_OF_A_SET}`,
      );
  }
  if (generated.dimensions !== reference.dimensions)
    throw new UserError(
      `${metric}: generated features have ${generated.dimensions} values, the reference's ${reference.dimensions}: they come from different networks`,
    );
}

/** The features as a matrix; `kept` names the rows to take. */
export function featureMatrix(
  { data, dimensions, images }: FeatureSet,
  kept?: readonly number[],
): FeatureMatrix {
  const all = { rows: images.length, columns: dimensions, data };
  return kept ? selectRows(all, kept) : all;
}
