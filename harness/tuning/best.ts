import type { Column } from '../report/columns.ts';
import { buildTables, type Cell, type TableSource } from '../report/table-model.ts';
import type { PlannedSearch } from './load.ts';

/** What a search has found. */
export interface Found {
  readonly search: PlannedSearch;
  /** Of each trial, in their order; null where it has no number. The first is of the method as it stands. */
  readonly scores: readonly (Cell | null)[];
  /** Index of the best trial; null where none has numbers of all pictures. */
  readonly best: number | null;
  /** null where the setting has no number at all. */
  readonly column: Column | null;
}

/**
 * The best trial of each search: that of the best mean; of equal ones the first. A trial that lacks numbers of some
 * pictures takes no part.
 * @param cells pictures times seeds of a trial
 */
export function findBest(searches: readonly PlannedSearch[], source: TableSource, cells: number): Found[] {
  const tables = new Map(buildTables(source).map((table) => [table.key, table]));
  return searches.map((search) => {
    const table = tables.get(search.setting.key);
    const rows = new Map(table?.rows.map((row) => [row.method.key, row.cells[0] ?? null]));
    const scores = search.methods.map(({ key }) => rows.get(key) ?? null);
    const column = table?.columns[0] ?? null;
    return { search, scores, column, best: column && bestOf(scores, column.better, cells) };
  });
}

/** Index of the best of these numbers. */
export function bestOf(
  scores: readonly (Pick<Cell, 'mean' | 'values' | 'infinite'> | null)[],
  better: Column['better'],
  cells: number,
): number | null {
  let best: { readonly trial: number; readonly value: number } | null = null;
  for (const [trial, score] of scores.entries()) {
    if (score === null || score.values < cells || Number.isNaN(score.mean)) continue;
    // The PSNR of equal pictures is infinite, and a mean leaves it out.
    const value = score.infinite > 0 ? Number.POSITIVE_INFINITY : score.mean;
    if (best === null || (better === 'higher' ? value > best.value : value < best.value))
      best = { trial, value };
  }
  return best?.trial ?? null;
}
