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

/** Rows of a comparison that go together, on both sides; a reference of other images than the generated ones loses none. */
export interface LeftOut {
  readonly generated: readonly number[];
  readonly reference: readonly number[];
}

/** The rows of each block; none where a block's going would leave fewer than two rows on a side. */
export function leaveOut({ generated, reference, paired }: SetComparison): LeftOut[] {
  const blocks = imageBlocks(generated.images);
  const left = Array.from({ length: blocks.count }, () => ({
    generated: [] as number[],
    reference: [] as number[],
  }));
  for (const [row, image] of generated.images.entries()) left[blocks.of.get(image)!]!.generated.push(row);
  if (paired)
    for (const [row, image] of reference.images.entries())
      left[blocks.of.get(image) ?? -1]?.reference.push(row);
  const stays = (set: FeatureSet, rows: readonly number[]) => set.images.length - rows.length > 1;
  const enough = left.every((rows) => stays(generated, rows.generated) && stays(reference, rows.reference));
  return enough ? left : [];
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
