import { holm } from '../metrics/holm.ts';
import { canSeparate } from '../metrics/power.ts';
import { pairedDifferences, type Score } from '../metrics/statistics.ts';
import { wilcoxonSignedRank } from '../metrics/wilcoxon.ts';
import type { Column } from './columns.ts';
import type { Method } from './methods.ts';
import type { Cell } from './table-model.ts';

/** Best and second of a column. Cells that are not complete, or not finite, take no part; one alone is no best. */
export function rankCells(
  cells: readonly (Cell | null)[],
  { better, digits, ranked: isRanked }: Column,
): (Cell | null)[] {
  if (!isRanked) return [...cells];
  const shown = (cell: Cell) => Number(cell.mean.toFixed(digits));
  const ranked = cells.filter(takesPart);
  const distinct = [...new Set(ranked.map(shown))].sort((a, b) => (better === 'higher' ? b - a : a - b));
  if (ranked.length < 2) return [...cells];
  return cells.map((cell) => {
    if (!takesPart(cell)) return cell;
    const place = distinct.indexOf(shown(cell));
    return { ...cell, rank: place === 0 ? 'best' : place === 1 ? 'second' : null };
  });
}

/**
 * Marks what the paired test does not separate from the best mean: Wilcoxon's signed-rank test by image, Holm's adjustment
 * over the column. Nothing where the pictures are too few for it to separate anything: a mark on all says nothing.
 * @param scores of each cell
 */
export function markTies(
  cells: readonly (Cell | null)[],
  scores: readonly (readonly Score[])[],
  { better }: Column,
): (Cell | null)[] {
  const sign = better === 'higher' ? 1 : -1;
  const [best, ...others] = [...cells.keys()]
    .filter((i) => takesPart(cells[i]!))
    .sort((a, b) => sign * (cells[b]!.mean - cells[a]!.mean));
  if (best === undefined || cells[best]!.rank === null || !canSeparate(cells[best]!.images, others.length))
    return [...cells];
  const adjusted = holm(others.map((i) => wilcoxonSignedRank(pairedDifferences(scores[i]!, scores[best]!))));
  const tied = new Set(others.filter((_, place) => adjusted[place]! >= 0.05));
  return cells.map((cell, i) => (cell && tied.has(i) ? { ...cell, tied: true } : cell));
}

/** Ranks the cells of methods that take part in it, as if the others were not there. */
export function amongRanked(
  cells: readonly (Cell | null)[],
  methods: readonly Method[],
  rank: (cells: readonly (Cell | null)[]) => (Cell | null)[],
): (Cell | null)[] {
  const ranked = rank(cells.map((cell, i) => (methods[i]!.ranked ? cell : null)));
  return cells.map((cell, i) => ranked[i] ?? cell);
}

function takesPart(cell: Cell | null): cell is Cell {
  return cell?.complete === true && cell.infinite === 0 && Number.isFinite(cell.mean);
}
