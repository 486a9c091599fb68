import { inBatches } from '../arrays.ts';
import { groupBy } from '../group-by.ts';
import { type LooseCell, together } from '../identity/batch-methods.ts';
import { canonicalJson } from '../identity/canonical.ts';
import { jsonHash, priorKey } from '../identity/keys.ts';
import type { Batch } from '../identity/refs.ts';
import { rowKey } from './plan.ts';

/** All that one method is given in one setting: the pictures of a seed, then those of the next. */
export interface Row extends Omit<Batch, 'key'> {
  /** Names of the method's parameters that each image of a batch has for itself. */
  readonly perImage: readonly string[];
}

/**
 * Puts rows into batches of `size` cells. What a row's own cells leave of its last one, those rows fill that differ from it in
 * numbers of each image alone; the first of them has its place in the order.
 */
export function composeBatches(rows: readonly Row[], size: number): Batch[] {
  const whole = ({ items }: Row) => items.length - (items.length % size);
  const remains = new Map(
    [...groupBy(rows, likeness).values()].map((group) => [
      group[0]!,
      group.flatMap((row) => cellsOf(row, whole(row))),
    ]),
  );
  return rows.flatMap((row) => {
    const own = inBatches(cellsOf(row, 0, whole(row)), size);
    const mixed = inBatches(remains.get(row) ?? [], size);
    return [...own, ...mixed].map((cells) => batchOf(row, cells));
  });
}

/** Equal for rows whose cells may run together. */
function likeness(row: Row): string {
  const { method, setting, rng, precision, passes, perImage } = row;
  if (perImage.length === 0) return rowKey(row);
  const { kind, name, version, sourceSha256, params, prior } = method;
  const shared = Object.entries(params).filter(([parameter]) => !perImage.includes(parameter));
  return canonicalJson({
    ...{ kind, name, version, sourceSha256, params: Object.fromEntries(shared) },
    ...{ prior: prior && priorKey(prior), setting: setting.key, rng, precision, passes },
  });
}

function cellsOf({ method, items }: Row, start: number, end?: number) {
  return items.slice(start, end).map((item) => ({ method, item }));
}

function batchOf({ setting, rng, precision, passes }: Row, cells: readonly LooseCell[]): Batch {
  const key = jsonHash(cells.map(({ item }) => item.cellKey));
  return { key, ...together(cells), setting, rng, precision, passes };
}
