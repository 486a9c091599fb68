import type { FeatureSet, SetComparison } from './set-metric.ts';

/** Blocks of images. */
const BLOCKS = 20;

/** Which block each image belongs to, and how many there are: the ids in sorted order, dealt out in turn. */
export interface Blocks {
  readonly of: ReadonlyMap<string, number>;
  readonly count: number;
}

/** Depends on the set of ids alone, so that all solvers over the same images have the same blocks. */
export function imageBlocks(images: readonly string[]): Blocks {
  const ids = [...new Set(images)].sort();
  const count = Math.min(BLOCKS, ids.length);
  return { of: new Map(ids.map((id, i) => [id, i % count])), count };
}

/** Rows of a set that are left when a block of images goes. */
export function rowsOutside({ images }: FeatureSet, blocks: Blocks, block: number): number[] {
  return [...images.keys()].filter((row) => blocks.of.get(images[row]!) !== block);
}

/** Rows of a comparison, on both sides; a reference of other images than the generated ones keeps all of its own. */
export interface Kept {
  readonly generated: readonly number[];
  readonly reference: readonly number[] | null;
}

/** What is left of a comparison without each block; none where that would leave fewer than two rows on a side. */
export function leaveOut({ generated, reference, paired }: SetComparison): Kept[] {
  const blocks = imageBlocks(generated.images);
  const kept = Array.from({ length: blocks.count }, (_, block) => ({
    generated: rowsOutside(generated, blocks, block),
    reference: paired ? rowsOutside(reference, blocks, block) : null,
  }));
  const enough = kept.every((k) => k.generated.length > 1 && (k.reference?.length ?? 2) > 1);
  return enough ? kept : [];
}

/**
 * Standard error by the delete-block jackknife: sqrt((g - 1) / g sum (value_b - mean)^2) over the values without each of
 * g blocks (Efron and Stein 1981). A bootstrap is no substitute: drawing images twice lowers the effective number, and
 * the distance depends on it. null for fewer than two values.
 */
export function jackknifeError(replicates: readonly number[]): number | null {
  const g = replicates.length;
  if (g < 2) return null;
  const mean = replicates.reduce((sum, value) => sum + value, 0) / g;
  return Math.sqrt(((g - 1) / g) * replicates.reduce((sum, value) => sum + (value - mean) ** 2, 0));
}
