import { groupBy } from '../group-by.ts';
import { canSeparate, FEWEST_PICTURES, leastP } from '../metrics/power.ts';
import { type Column, parseProtocol } from './columns.ts';
import { CAPTIONED } from './methods.ts';
import { formatError, formatFixed, formatHalfWidth, formatN, formatP, formatSigned } from './numbers.ts';
import { type Block, cellsIn, columnsIn, type PrintedRow, type PrintedTable } from './printed-table.ts';
import { randomPriors } from './random-priors.ts';
import type { Section } from './sections.ts';
import type { ReportSource } from './source.ts';
import type { Cell, TableModel } from './table-model.ts';
import { tableTitle } from './titles.ts';

/** How an output writes text, and marks the best and the second-best value of a column. */
export interface Notation {
  /** Escapes: names come from files, and nothing in them may mean anything to the reader's program. */
  text(text: string): string;
  /** Marks what is escaped already. */
  best(text: string): string;
  second(text: string): string;
}

/** A table as strings in the output's notation, for the renderers of plain formats. */
export interface TextTable {
  readonly title: string;
  /** Columns that name a row, before those of its numbers. */
  readonly named: number;
  /** Over the head, levels of headings that span columns of numbers. */
  readonly above: readonly (readonly { readonly text: string; readonly span: number }[])[];
  readonly head: readonly string[];
  readonly sections: readonly Section<readonly string[]>[];
  readonly footnotes: readonly string[];
}

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

/** What stands in the tables, setting by setting. */
export function settingsOf(printed: readonly PrintedTable[]): TableModel[] {
  return printed.flatMap(({ blocks }) => blocks.map(({ table }) => table));
}

/** Behind a value that the paired test does not separate from the best of its column. */
const TIED = '≈';

export function tieLegend(tables: readonly TableModel[]): string[] {
  const tied = cellsOf(tables).some((cell) => cell.tied);
  const test = `Wilcoxon signed-rank by image, Holm's adjustment over the column, p ≥ 0.05`;
  return tied ? [`${TIED}: not separated from the best of its column (${test})`] : [];
}

/** Of a mean over fewer values than its column's others, and of one as good as the best for all that is known. */
export function marksOf({ complete, tied }: Cell): string {
  return `${complete ? '' : '†'}${tied ? TIED : ''}`;
}

function cellsOf(tables: readonly TableModel[]): Cell[] {
  return tables.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.filter((cell) => cell !== null)));
}

/** Method, N, then for each metric its mean and, where wanted and a reference is configured, the paired difference. */
export function textTable(table: PrintedTable, notation: Notation, differences = true): TextTable {
  const { text } = notation;
  const columns = columnsIn(table);
  const compared = differences && table.withDifferences ? table.blocks[0]!.table.reference : null;
  const head = columns.flatMap(({ title, unit, arrow, variant }) => {
    const name = `${title} ${arrow}${unit ? ` (${unit})` : ''}${variant ? ` ${variant}` : ''}`;
    return (compared ? [name, `Δ ${compared.label}`] : [name]).map(text);
  });
  const cellsOfRow = (row: PrintedRow): string[] => [
    text(row.label),
    ...(table.withPriors ? [text(row.method.prior ?? '—')] : []),
    text(formatRowN(presentIn(row, table))),
    ...cellsIn(row, table).flatMap((cell, i) => {
      const value = cell ? formatMean(cell, columns[i]!, table.withIntervals, notation) : text('—');
      if (!compared) return [value];
      const isReference = row.method.key === compared.key;
      return [value, text(isReference ? 'reference' : formatDifference(cell, columns[i]!))];
    }),
  ];
  const named = ['Method', ...(table.withPriors ? ['Prior'] : []), 'N'];
  return {
    title: text(table.title),
    named: named.length,
    above: headingsAbove(table.blocks).map((level) =>
      level.map(({ heading, span }) => ({ text: text(heading), span: compared ? 2 * span : span })),
    ),
    head: [...named, ...head],
    sections: table.sections.map(({ title, rows }) => ({
      title: title === null ? null : text(title),
      rows: rows.map(cellsOfRow),
    })),
    footnotes: [...table.footnotes, ...rangeNotes(table)].map(text),
  };
}

/** Headings over the columns, a list a level; those of neighbours that are alike are one. */
export function headingsAbove(blocks: readonly Block[]): { heading: string; span: number }[][] {
  const levels = blocks[0]?.headings.length ?? 0;
  return Array.from({ length: levels }, (_, level) => {
    const spans: { heading: string; span: number; of: string }[] = [];
    for (const { headings, table } of blocks) {
      const of = JSON.stringify(headings.slice(0, level + 1));
      const last = spans.at(-1);
      if (last?.of === of) last.span += table.columns.length;
      else spans.push({ heading: headings[level]!, span: table.columns.length, of });
    }
    return spans.map(({ heading, span }) => ({ heading, span }));
  });
}

/** The head in one line, for formats that have no cells over several columns. */
export function flatHead({ named, above, head }: TextTable): string[] {
  const over = above.map((level) => level.flatMap(({ text, span }) => new Array<string>(span).fill(text)));
  return head.map((name, i) => [...over.flatMap((level) => level[i - named] ?? []), name].join(' '));
}

/** More columns than a cell names one by one. */
const NAMED_COLUMNS = 4;

/** One N where all cells of a row agree, otherwise each column's own; of many columns the least and the largest. */
export function formatRowN(cells: readonly (Cell | null)[]): string {
  const all = cells.map(formatCellN);
  if (new Set(all).size === 1) return all[0]!;
  if (!isRanged(cells)) return all.join(' / ');
  const bySize = [...cells].sort((a, b) => (a?.values ?? 0) - (b?.values ?? 0));
  return `${formatCellN(bySize[0]!)} to ${formatCellN(bySize.at(-1)!)}`;
}

function formatCellN(cell: Cell | null): string {
  return cell ? formatN(cell) + (cell.complete ? '' : '†') : '0';
}

function isRanged(cells: readonly (Cell | null)[]): boolean {
  return cells.length > NAMED_COLUMNS && new Set(cells.map(formatCellN)).size > 1;
}

/** Of rows whose N stands there as a range, what each setting has; rows of the same have one line. */
function rangeNotes(table: PrintedTable): string[] {
  const ranged = table.sections.flatMap(({ rows }) => rows).filter((row) => isRanged(presentIn(row, table)));
  const countsOf = ({ parts }: PrintedRow) =>
    table.blocks.flatMap((block, i) => (parts[i] ? [countsIn(block, parts[i].cells)] : [])).join('; ');
  return [...groupBy(ranged, countsOf)].map(
    ([counts, rows]) => `N of ${rows.map(({ label }) => label).join(', ')}: ${counts}`,
  );
}

/** `8 in Super-resolution`, or where its metrics differ `PSNR 8, FID 6 in Super-resolution`. */
function countsIn({ headings, table: { columns } }: Block, cells: readonly (Cell | null)[]): string {
  const all = cells.map(formatCellN);
  const counts =
    new Set(all).size === 1 ? all[0]! : all.map((n, i) => `${columns[i]!.title} ${n}`).join(', ');
  return headings.length > 0 ? `${counts} in ${headings.join(', ')}` : counts;
}

/** A row's cells; what a method lacks of other settings shows as a dash, and has no N. */
function presentIn(row: PrintedRow, table: PrintedTable): (Cell | null)[] {
  return cellsIn(row, table).filter((cell) => table.blocks.length === 1 || cell !== null);
}

/** ` (2 finite of 3; 1 ∞)` for a mean that leaves infinite values out; nothing for others. */
export function infiniteNote({ values, infinite }: Cell): string {
  return infinite === 0 || infinite === values
    ? ''
    : ` (${values - infinite} finite of ${values}; ${infinite} ∞)`;
}

function formatMean(
  cell: Cell,
  { digits, ofSets }: Column,
  withIntervals: boolean,
  notation: Notation,
): string {
  const { mean, rank, standardError } = cell;
  const value = notation.text(formatFixed(mean, digits));
  const marked = rank ? notation[rank](value) : value;
  if (!withIntervals) return marked + notation.text(marksOf(cell) + infiniteNote(cell));
  const error = ofSets ? formatError(standardError, digits) : formatHalfWidth(cell, digits);
  return marked + notation.text((cell.tied ? TIED : '') + infiniteNote(cell) + error);
}

function formatDifference(cell: Cell | null, { digits, ofSets }: Column): string {
  if (!cell?.difference) return '—';
  const { mean, low, high, p } = cell.difference;
  const value = formatSigned(mean, digits);
  if (ofSets) return value + formatError(Number.isNaN(low) ? null : (high - low) / (2 * 1.96), digits);
  return `${value}${formatHalfWidth(cell.difference, digits)} (${formatP(p)})`;
}

export const TOY_METRICS =
  'asks a small network trained on toyfaces; comparable with no LPIPS or FID, only within this table';

/** The metrics of tables that are computed by a toy network. */
export function toyMetricTitles(tables: readonly TableModel[]): string[] {
  const columns = tables.flatMap((table) => table.columns);
  return [...new Set(columns.filter(({ toy }) => toy).map(({ title }) => title))];
}

/** What the truths went through, as their numbers' protocols say it, and what became of the values of equal pictures. */
export function pictureNotes(tables: readonly TableModel[]): string[] {
  const protocols = tables.flatMap(({ columns }) => columns.map(({ protocol }) => parseProtocol(protocol)));
  const changes = protocols.flatMap(({ truths }) => (typeof truths === 'string' ? [truths] : []));
  return [
    ...[...new Set(changes)].map((what) => `there are truths ${what}`),
    ...fewNotes(tables),
    ...(cellsOf(tables).some((cell) => cell.infinite > 0)
      ? ['∞: equal pictures; a mean leaves infinite values out, and is then neither ranked nor compared']
      : []),
  ];
}

/** What so few pictures can tell: the bootstrap of two or three is between them, since it often draws one alone. */
function fewNotes(tables: readonly TableModel[]): string[] {
  const ofPictures = tables.flatMap(({ columns, rows }) =>
    rows.flatMap(({ cells }) =>
      cells.flatMap((cell, i) => (cell && !columns[i]!.ofSets ? [cell.images] : [])),
    ),
  );
  const few = [...new Set(ofPictures)].filter((n) => n < FEWEST_PICTURES).sort((a, b) => a - b);
  return [...few.map(ofFew), ...tables.flatMap(cannotSeparate).filter(isFirst)];
}

const isFirst = (note: string, i: number, notes: readonly string[]) => notes.indexOf(note) === i;

/** Of enough pictures for one comparison, and too few for so many. */
function cannotSeparate({ columns, rows }: TableModel): string[] {
  return columns.flatMap(({ ofSets, ranked }, i) => {
    const cells = rows.flatMap(({ method, cells }) => (method.ranked ? (cells[i] ?? []) : []));
    const pictures = Math.max(0, ...cells.map(({ images }) => images));
    if (ofSets || !ranked || pictures < FEWEST_PICTURES || canSeparate(pictures, cells.length - 1)) return [];
    return [
      `${pictures} pictures are too few to separate ${cells.length} rows from the best (Holm's adjustment): no ${TIED} is set`,
    ];
  });
}

function ofFew(n: number): string {
  if (n === 1) return 'of 1 picture there is no interval, and no test: p is 1';
  const interval = n <= 3 ? "an interval is from the least picture's value to the greatest, and " : '';
  return `${n} pictures are few: ${interval}p is ${leastP(n)} at least (${FEWEST_PICTURES} pictures can have p < 0.05)`;
}

/** What the mark of methods that were told captions means, where a table has it. */
export function captionNotes(tables: readonly TableModel[]): string[] {
  const marked = tables.some(({ rows, skipped }) =>
    [...rows, ...skipped].some(({ method }) => method.captioned),
  );
  return marked ? [`${CAPTIONED} had the pictures' captions, which say something of the truth`] : [];
}

/** That means of draws stand among single draws. */
export function drawNotes(tables: readonly TableModel[]): string[] {
  const unranked = tables.flatMap(({ rows }) => rows.filter(({ method }) => !method.ranked));
  if (unranked.length === 0) return [];
  const labels = [...new Set(unranked.map(({ method }) => method.label))];
  return [
    `${labels.join('; ')}: the pixelwise mean of several restorations of each picture, which is no draw; not ranked among single draws`,
  ];
}

/** Why rows have no number at all. */
function failedNotes(tables: readonly TableModel[]): string[] {
  return tables.flatMap((table) =>
    table.failed.map(
      ({ method, reason }) => `${method.label} has no result on ${tableTitle(table)}: ${reason}`,
    ),
  );
}

/** That rows of several priors differ by those too; who had captions; and what could not be used or has failed, and why. */
export function comparabilityNotes(tables: readonly TableModel[]): string[] {
  const mixed = tables.filter((table) => table.priors.length > 1);
  const priors = new Set(mixed.flatMap((table) => table.priors));
  const delta = mixed.some(({ reference }) => reference !== null) ? '; Δ is given within one prior' : '';
  const skipped = tables.flatMap((table) =>
    table.skipped.map(({ method, reason }) => `${method.label} is skipped on ${table.title}: ${reason}`),
  );
  return [
    ...(priors.size > 0
      ? [`rows of different priors (${[...priors].join(', ')}) do not differ by the method alone${delta}`]
      : []),
    ...captionNotes(tables),
    ...drawNotes(tables),
    ...new Set(skipped),
    ...failedNotes(tables),
  ];
}

/** A number whose direction and digits nobody knows any more is not drawn; it stays stored. */
export function unknownNotes({ unknownMetrics }: ReportSource): string[] {
  if (unknownMetrics.length === 0) return [];
  const [are, them] = unknownMetrics.length > 1 ? ['are', 'them'] : ['is', 'it'];
  return [`${unknownMetrics.join(', ')} ${are} not shown: the plug-in that has ${them} does not load`];
}

/** What a reader must know before quoting a number: toy priors, and cells without results. */
export function caveats(source: ReportSource, tables: readonly TableModel[]): string[] {
  const { seen, cells, failures } = source;
  const all = [source, ...source.others.values()];
  const toys = new Set(all.flatMap(({ priors }) => priors.filter(({ toy }) => toy).map(({ name }) => name)));
  const random = all.flatMap(randomPriors);
  const toyMetrics = toyMetricTitles(tables);
  const { planned, done } = cells;
  return [
    ...(toys.size > 0 ? [`toy prior (${[...toys].join(', ')}): not comparable with published numbers`] : []),
    ...(random.length > 0
      ? [`random weights (${random.join(', ')}): these numbers say nothing about methods`]
      : []),
    ...seen,
    ...unknownNotes(source),
    ...(toyMetrics.length ? [`${toyMetrics.join(', ')}: ${TOY_METRICS}`] : []),
    ...new Set(tables.flatMap(({ warnings }) => warnings)),
    ...pictureNotes(tables),
    ...comparabilityNotes(tables),
    ...(done < planned
      ? [
          `partial, so far ${done} of ${planned} cells have results, ${failures.length} failed; † marks means over fewer of them, not ranked`,
        ]
      : []),
  ];
}
