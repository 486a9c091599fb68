import { columnsIn, type PrintedTable, settingsOf } from './printed-table.ts';
import { type Cell, cellsOf, type TableModel } from './table-model.ts';

/** What the signs of tables mean, of those that they have; `differences`: whether they show them, as `textTable`. */
export function legendOf(printed: readonly PrintedTable[], differences = true): string {
  const tables = settingsOf(printed);
  const intervals = printed.filter(({ withIntervals }) => withIntervals);
  return [
    intervals.length > 0
      ? 'mean ± half the width of its 95 % interval (bootstrap over images, each with all its seeds)'
      : 'means',
    ...(differences && printed.some(({ withDifferences }) => withDifferences)
      ? ['Δ: paired by image; p: Wilcoxon signed-rank']
      : []),
    ...(intervals.some((table) => columnsIn(table).some(({ ofSets }) => ofSets))
      ? ['SE: standard error of a number of the whole set (jackknife over images)']
      : []),
    drawsOfRows(tables),
    ...tieLegend(tables),
  ].join('; ');
}

/** Papers often say nothing of it, and the best of several draws is another number. */
export function drawsOfRows(tables: readonly TableModel[]): string {
  const means = tables.some(({ rows }) => rows.some(({ method }) => method.draws > 1));
  return `one draw${means ? ', or the mean of as many as a row names,' : ''} a picture and seed of all that ran here, none selected`;
}

/** Behind a value that the paired test does not separate from the best of its column. */
export const TIED = '≈';

export function tieLegend(tables: readonly TableModel[]): string[] {
  const tied = cellsOf(tables).some((cell) => cell.tied);
  const test = `Wilcoxon signed-rank by image, Holm's adjustment over the column, p ≥ 0.05`;
  return tied ? [`${TIED}: not separated from the best of its column (${test})`] : [];
}

/** Of a mean over fewer values than its column's others, and of one as good as the best for all that is known. */
export function marksOf({ complete, tied }: Cell): string {
  return `${complete ? '' : '†'}${tied ? TIED : ''}`;
}
