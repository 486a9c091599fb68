import { UserError } from '../errors.ts';
import { type CellRow, cellsByKey } from '../store/cell-rows.ts';
import type { Store } from '../store/store.ts';

/**
 * The cell whose key begins so; null: there is none.
 * @throws UserError where there are several
 */
export function findCell(store: Store, beginning: string): CellRow | null {
  const [cell, another] = /^[0-9a-f]+$/.test(beginning) ? cellsByKey(store, beginning, 2) : [];
  if (cell && another)
    throw new UserError(
      `${beginning}: begins the keys of several cells; give more of it, at most ${cell.key}`,
    );
  return cell ?? null;
}
