/** Whose an item of a batch is: a batch may be of several settings of a solver, which differ in numbers of each image alone. */
import { groupBy } from '../group-by.ts';
import type { Batch, MethodRef, PlannedItem } from './refs.ts';

export function methodOf({ method }: Pick<Batch, 'method'>, item: Pick<PlannedItem, 'method'>): MethodRef {
  return item.method ?? method;
}

/** The parts of a batch that are one method's each, under the key of the whole; usually the batch itself. */
export function byMethod(batch: Batch): readonly Batch[] {
  if (batch.items.every(({ method }) => method === undefined)) return [batch];
  const parts = groupBy(batch.items, (item) => methodOf(batch, item).key);
  return [...parts.values()].map((items) => partOf(batch, items));
}

/** The part of a batch that is one cell. */
export function aloneOf(batch: Batch, cellKey: string): Batch {
  return partOf(
    batch,
    batch.items.filter((item) => item.cellKey === cellKey),
  );
}

/** @param items at least one, all of one method */
function partOf(batch: Batch, items: readonly PlannedItem[]): Batch {
  const method = methodOf(batch, items[0]!);
  return { ...batch, method, items: items.map(({ method: _, ...item }) => item) };
}

/** A cell before it is in a batch. */
export interface LooseCell {
  readonly method: MethodRef;
  readonly item: PlannedItem;
}

/** Cells that run together: an item names its method where that is not the first one's. */
export function together(cells: readonly LooseCell[]): Pick<Batch, 'method' | 'items'> {
  const { method } = cells[0]!;
  return {
    method,
    items: cells.map(({ item, method: own }) => (own.key === method.key ? item : { ...item, method: own })),
  };
}
