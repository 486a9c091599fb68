import { groupBy } from '../group-by.ts';
import type { Column } from './columns.ts';
import { marksOf, TIED } from './legend.ts';
import { formatError, formatFixed, formatHalfWidth, formatN, formatP, formatSigned } from './numbers.ts';
import { type Block, cellsIn, columnsIn, type PrintedRow, type PrintedTable } from './printed-table.ts';
import type { Section } from './sections.ts';
import type { Cell } from './table-model.ts';

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
