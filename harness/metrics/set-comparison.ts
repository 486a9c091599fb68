import { UserError } from '../errors.ts';
import { type FeatureRows, inMemory } from './feature-matrix.ts';
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

/** The features as rows that are read when they are needed. */
export function featureRows(set: FeatureSet): FeatureRows {
  const { dimensions, images } = set;
  return {
    rows: images.length,
    columns: dimensions,
    read: (rows) => ({ rows: rows.length, columns: dimensions, data: set.read(rows) }),
  };
}

/** Features that are in memory, row-major [images.length, dimensions], as a set. */
export function featureSet(data: Float32Array, dimensions: number, images: readonly string[]): FeatureSet {
  const { read } = inMemory({ rows: images.length, columns: dimensions, data });
  return { dimensions, images, read: (rows) => read(rows).data as Float32Array };
}
