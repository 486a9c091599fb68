import { type FeatureRows, piecesOf, readAll } from './feature-matrix.ts';
import { frechetDistance, type Gaussian, gaussianOfMoments, gaussianOfRows } from './frechet.ts';
import { FrechetExpansion } from './frechet-expansion.ts';
import { distancesFromProducts } from './frechet-products.ts';
import { momentsOf } from './moments.ts';

/** Rows that go, of two sets. */
export interface LeftRows {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** So many rows a feature make the second-order expansion as good as the jackknife itself (docs/metrics.md has figures). */
export const ROWS_TO_EXPAND = 4;
/** With as few features as this a decomposition a replicate takes no time. */
export const FEATURES_TO_EXPAND = 1024;

export interface FrechetReplicates {
  readonly value: number;
  readonly replicates: readonly number[];
}

/**
 * The Fréchet distance of two sets, and of the same sets without each of some selections of rows. Never holds more rows
 * than there are features, or a piece.
 */
export async function frechetReplicates(
  a: FeatureRows,
  b: FeatureRows,
  left: readonly LeftRows[],
): Promise<FrechetReplicates> {
  if (Math.max(a.rows, b.rows) <= a.columns) return fromProducts(a, b, left);
  return isExpanded(a, b, left) ? byExpansion(a, b, left) : oneByOne(a, b, left);
}

/** Whether replicates are the expansion's. A set of which nothing goes may be of any size: its Gaussian stays as it is. */
export function isExpanded(a: Size, b: Size, left: readonly LeftRows[]): boolean {
  const enough = ({ rows, columns }: Size, side: keyof LeftRows) =>
    rows >= ROWS_TO_EXPAND * columns || left.every((one) => one[side].length === 0);
  return left.length > 0 && a.columns >= FEATURES_TO_EXPAND && enough(a, 'a') && enough(b, 'b');
}

type Size = Pick<FeatureRows, 'rows' | 'columns'>;

async function fromProducts(
  a: FeatureRows,
  b: FeatureRows,
  left: readonly LeftRows[],
): Promise<FrechetReplicates> {
  const distance = await distancesFromProducts(readAll(a), readAll(b));
  const values: number[] = [];
  for (const rows of [{ a: [], b: [] }, ...left])
    values.push(await distance(staying(a, rows.a), staying(b, rows.b)));
  const [value, ...replicates] = values;
  return { value: value!, replicates };
}

/** A decomposition each. */
async function oneByOne(
  a: FeatureRows,
  b: FeatureRows,
  left: readonly LeftRows[],
): Promise<FrechetReplicates> {
  const [one, other] = [await gaussians(a), await gaussians(b)];
  const values: number[] = [];
  for (const rows of [{ a: [], b: [] }, ...left])
    values.push(await frechetDistance(await one(rows.a), await other(rows.b)));
  const [value, ...replicates] = values;
  return { value: value!, replicates };
}

/** The Gaussian of a set without some rows; many rows are not read again, only those that go. */
async function gaussians(features: FeatureRows): Promise<(left: readonly number[]) => Promise<Gaussian>> {
  if (features.rows <= features.columns) {
    const whole = await gaussianOfRows(features);
    return async (left) => (left.length === 0 ? whole : gaussianOfRows(rowsWithout(features, left)));
  }
  const moments = await momentsOf(features.columns, piecesOf(features));
  const whole = await gaussianOfMoments(moments.moments());
  return async (left) => {
    if (left.length === 0) return whole;
    const stay = features.rows - left.length;
    if (stay <= features.columns) return gaussianOfRows(rowsWithout(features, left));
    return gaussianOfMoments(moments.without(await momentsOf(features.columns, piecesOf(features, left))));
  };
}

async function byExpansion(
  a: FeatureRows,
  b: FeatureRows,
  left: readonly LeftRows[],
): Promise<FrechetReplicates> {
  const whole = async (features: FeatureRows) => ({
    features,
    moments: await momentsOf(features.columns, piecesOf(features)),
  });
  const expansion = await FrechetExpansion.of(await whole(a), await whole(b));
  const replicates: number[] = [];
  for (const rows of left) replicates.push(await expansion.without(rows));
  return { value: expansion.value, replicates };
}

function rowsWithout(features: FeatureRows, left: readonly number[]): FeatureRows {
  const stay = staying(features, left);
  return {
    rows: stay.length,
    columns: features.columns,
    read: (indices) => features.read(indices.map((i) => stay[i]!)),
  };
}

function staying({ rows }: FeatureRows, left: readonly number[]): number[] {
  const goes = new Set(left);
  return [...Array(rows).keys()].filter((row) => !goes.has(row));
}
