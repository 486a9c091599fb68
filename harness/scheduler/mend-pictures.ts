import type { Plan } from '../plan/plan.ts';
import type { Known } from '../plan/registries.ts';
import type { Store } from '../store/store.ts';
import { type DamagedCell, damagedCells, isStored } from '../store/stored-pictures.ts';
import { remakePictures, type StoredBatch } from '../worker/remake.ts';

/** What became of stored pictures that were missing or damaged. */
export interface Mended {
  /** Paths of pictures that were made again. */
  readonly remade: readonly string[];
  /** Solved cells that still lack a picture, with the first that they lack. */
  readonly lost: ReadonlyMap<string, string>;
}

/** Checks the pictures of a plan's solved cells and makes again what needs no solving. */
export async function mendPictures(plan: Plan, store: Store, known: Known): Promise<Mended> {
  const damaged = damagedCells(store, plan.name);
  for await (const _ of remakePictures(batchesOf(plan, damaged), store.dir, known)) {
    // Written: whether they are what was stored is asked below.
  }
  const bad = [...new Set(damaged.flatMap(({ pictures }) => pictures))];
  const remade = bad.filter((path) => isStored(store.dir, path));
  const lost = damaged.flatMap(({ cellKey, pictures }) => {
    const first = pictures.find((path) => !remade.includes(path));
    return first === undefined ? [] : [[cellKey, first] as const];
  });
  return { remade, lost: new Map(lost) };
}

function batchesOf({ batches }: Plan, damaged: readonly DamagedCell[]): StoredBatch[] {
  const tensors = new Map(damaged.map(({ cellKey, tensor }) => [cellKey, tensor]));
  return batches
    .map((batch) => ({
      batch,
      tensors: new Map(
        batch.items.flatMap(({ cellKey }) => {
          const tensor = tensors.get(cellKey);
          return tensor ? [[cellKey, tensor] as const] : [];
        }),
      ),
    }))
    .filter(({ tensors: ofBatch }) => ofBatch.size > 0);
}
