import { priorKey } from '../../identity/keys.ts';
import type { Batch } from '../../identity/refs.ts';
import type { WorkItem } from '../retry-policy.ts';

/** A batch and those of its cells that are still to do. */
export type SlicedBatch = Pick<WorkItem, 'batch' | 'wanted'>;

/** What one element of an array works through, one batch after the other. */
export interface Slice {
  /** Index of the resources that it asks for. */
  readonly group: number;
  readonly batches: readonly SlicedBatch[];
}

/** How batches are put together. */
export interface Slicing {
  /** Of the resources that a batch's method asks for. */
  group(batch: Batch): number;
  /** Seconds of a batch on the cluster's device; null: nothing is known of its speed, and it gets an element for itself. */
  seconds(batch: Batch): number | null;
  /** Seconds of work that an element is given, where a batch is not longer. */
  readonly elementSeconds: number;
  /** Of an element; null: as many as its time has room for. */
  readonly mostBatches: number | null;
}

/** Batches of a slice share resources and prior, so that an element opens one prior, once. Slices are in the plan's order. */
export function slicesOf(
  todo: readonly SlicedBatch[],
  { group, seconds, elementSeconds, mostBatches }: Slicing,
): Slice[] {
  const open = new Map<string, { slice: Slice & { batches: SlicedBatch[] }; left: number }>();
  const slices: Slice[] = [];
  for (const { batch, wanted } of todo) {
    const needs = seconds(batch) ?? elementSeconds;
    const { prior } = batch.method;
    const key = `${group(batch)} ${prior === null ? '' : priorKey(prior)}`;
    let current = open.get(key);
    const isFull = current?.slice.batches.length === mostBatches;
    if (!current || isFull || current.left < needs) {
      current = { slice: { group: group(batch), batches: [] }, left: elementSeconds };
      open.set(key, current);
      slices.push(current.slice);
    }
    current.slice.batches.push({ batch, wanted });
    current.left -= needs;
  }
  return slices;
}
