import type { Plan } from '../plan/plan.ts';
import type { Known } from '../plan/registries.ts';
import { mendPictures } from '../scheduler/mend-pictures.ts';
import type { Store } from '../store/store.ts';
import { damagedCells } from '../store/stored-pictures.ts';
import { reopenCells } from '../store/writes.ts';
import { counted } from '../text/count.ts';

/**
 * Has stored pictures that are missing or damaged made again: at once, or by solving their cells.
 * @param solve false: what only solving could bring back is named and stays as it is
 * @returns notes for the person
 */
export async function checkPictures(
  plan: Plan,
  store: Store,
  known: Known,
  solve: boolean,
): Promise<string[]> {
  const { remade, lost } = await mendPictures(plan, store, known);
  if (solve) reopenCells(store, [...lost.keys()]);
  const cells = counted(lost.size, 'cell');
  const pictures = few([...new Set(lost.values())]);
  return [
    ...(remade.length > 0
      ? [`note: missing or damaged, made again of what else is stored: ${few(remade)}`]
      : []),
    ...(lost.size === 0
      ? []
      : solve
        ? [`note: missing or damaged, ${cells} to do again: ${pictures}`]
        : [`note: missing or damaged, tweedie run solves ${cells} again: ${pictures}`]),
  ];
}

/** Paths of stored pictures that are missing or damaged now. */
export function missingPictures(store: Store, experiment: string): string[] {
  return [...new Set(damagedCells(store, experiment).flatMap(({ pictures }) => pictures))];
}

/** `a.png and 3 other pictures`. */
export function few(paths: readonly string[]): string {
  return paths.length <= 2 ? paths.join(' and ') : `${paths[0]} and ${paths.length - 1} other pictures`;
}
