import type { Batch } from '../identity/refs.ts';

/** Bytes on the disk that cells will take. */
export interface DiskEstimate {
  /** Float arrays of results, as they will be; of a blind method a little more. */
  readonly tensors: number;
  /** At most: PNG takes as much of noise, and about half of photographs. */
  readonly pictures: number;
  readonly total: number;
}

/** Of a cell, in its record and in the database. */
const BYTES_OF_FACTS = 8192;

/**
 * What the cells to do will take: each its tensor and its picture, and once for each picture, task and seed what is given;
 * a truth once. Known cells share those with them, so that it is less where something is stored already.
 * @param todo batches with the cells of each that lack a result
 */
export function diskOf(
  todo: readonly { readonly batch: Batch; readonly wanted: readonly string[] }[],
): DiskEstimate {
  const [given, truths] = [new Map<string, number>(), new Map<string, number>()];
  let [tensors, results, facts] = [0, 0, 0];
  for (const { batch, wanted } of todo) {
    const { setting, items } = batch;
    const values = setting.imageShape.reduce((product, n) => product * n, 1);
    tensors += wanted.length * values * Float32Array.BYTES_PER_ELEMENT;
    results += wanted.length * values;
    facts += wanted.length * BYTES_OF_FACTS;
    for (const { sha256, seed, cellKey } of items) {
      if (!wanted.includes(cellKey)) continue;
      given.set(`${setting.key} ${seed} ${sha256}`, values);
      truths.set(sha256, values);
    }
  }
  const pictures = results + sum(given) + sum(truths);
  return { tensors, pictures, total: tensors + pictures + facts };
}

function sum(sizes: ReadonlyMap<string, number>): number {
  return [...sizes.values()].reduce((all, bytes) => all + bytes, 0);
}
