import { type Column, parseProtocol } from './columns.ts';
import { CAPTIONED, nameWithParams } from './methods.ts';
import { formatError, formatFixed, formatHalfWidth, formatN, formatP, formatSigned } from './numbers.ts';
import { randomPriors } from './random-priors.ts';
import type { ReportSource } from './source.ts';
import { buildTables, type Cell, type TableModel } from './table-model.ts';

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
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What the signs of tables mean, of those that they have; `differences`: whether they show them, as `textTable`. */
export function legendOf(tables: readonly TableModel[], differences = true): string {
  const columns = tables.flatMap((table) => table.columns);
  return [
    'mean ± half the width of its 95 % interval (bootstrap over images, each with all its seeds)',
    ...(differences && tables.some(({ reference }) => reference !== null)
      ? ['Δ: paired by image; p: Wilcoxon signed-rank']
      : []),
    ...(columns.some(({ ofSets }) => ofSets)
      ? ['SE: standard error of a number of the whole set (jackknife over images)']
      : []),
  ].join('; ');
}

/** Method, N, then for each metric its mean and, where wanted and a reference is configured, the paired difference. */
export function textTable(table: TableModel, notation: Notation, differences = true): TextTable {
  const { text } = notation;
  const { columns } = table;
  const reference = differences ? table.reference : null;
  const head = columns.flatMap(({ title, unit, arrow, variant }) => {
    const name = `${title} ${arrow}${unit ? ` (${unit})` : ''}${variant ? ` ${variant}` : ''}`;
    return (reference ? [name, `Δ ${reference.label}`] : [name]).map(text);
  });
  const several = table.priors.length > 1;
  const rows = table.rows.map(({ method, isReference, cells }) => [
    text(method.label),
    ...(several ? [text(method.prior ?? '—')] : []),
    text(formatRowN(cells)),
    ...cells.flatMap((cell, i) => {
      const value = cell ? formatMean(cell, columns[i]!, notation) : text('—');
      return reference
        ? [value, text(isReference ? 'reference' : formatDifference(cell, columns[i]!))]
        : [value];
    }),
  ]);
  return {
    title: text(tableTitle(table)),
    head: ['Method', ...(several ? ['Prior'] : []), 'N', ...head],
    rows,
  };
}

/** Super-resolution (factor=8, noise=0.01), toyfaces */
export function tableTitle({ title, taskParams, dataset }: TableModel): string {
  return `${nameWithParams(title, taskParams)}, ${dataset}`;
}

/** One N where all cells of a row agree, otherwise each column's own. */
export function formatRowN(cells: readonly (Cell | null)[]): string {
  const all = cells.map((cell) => (cell ? formatN(cell) + (cell.complete ? '' : '†') : '0'));
  return new Set(all).size === 1 ? all[0]! : all.join(' / ');
}

/** ` (2 finite of 3; 1 ∞)` for a mean that leaves infinite values out; nothing for others. */
export function infiniteNote({ values, infinite }: Cell): string {
  return infinite === 0 || infinite === values
    ? ''
    : ` (${values - infinite} finite of ${values}; ${infinite} ∞)`;
}

function formatMean(cell: Cell, { digits, ofSets }: Column, notation: Notation): string {
  const { mean, rank, standardError } = cell;
  const value = notation.text(formatFixed(mean, digits));
  const marked = rank ? notation[rank](value) : value;
  const error = ofSets ? formatError(standardError, digits) : formatHalfWidth(cell, digits);
  return marked + notation.text(infiniteNote(cell) + error);
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
  const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  return [
    ...[...new Set(changes)].map((what) => `there are truths ${what}`),
    ...(cells.some((cell) => cell !== null && cell.infinite > 0)
      ? ['∞: equal pictures; a mean leaves infinite values out, and is then neither ranked nor compared']
      : []),
  ];
}

/** What the mark of methods that were told captions means, where a table has it. */
export function captionNotes(tables: readonly TableModel[]): string[] {
  const marked = tables.some(({ rows, skipped }) =>
    [...rows, ...skipped].some(({ method }) => method.captioned),
  );
  return marked ? [`${CAPTIONED} had the pictures' captions, which say something of the truth`] : [];
}

/** That rows of several priors differ by those too; who had captions; and what could not be used, and why. */
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
    ...new Set(skipped),
  ];
}

/** A number whose direction and digits nobody knows any more is not drawn; it stays stored. */
export function unknownNotes({ unknownMetrics }: ReportSource): string[] {
  if (unknownMetrics.length === 0) return [];
  const [are, them] = unknownMetrics.length > 1 ? ['are', 'them'] : ['is', 'it'];
  return [`${unknownMetrics.join(', ')} ${are} not shown: the plug-in that has ${them} does not load`];
}

/** What a reader must know before quoting a number: toy priors, and cells without results. */
export function caveats(source: ReportSource): string[] {
  const { priors, seen, cells, failures, setRows } = source;
  const toys = priors.filter(({ toy }) => toy).map(({ name }) => name);
  const random = randomPriors(source);
  const tables = buildTables(source);
  const toyMetrics = toyMetricTitles(tables);
  const { planned, done } = cells;
  return [
    ...(toys.length ? [`toy prior (${toys.join(', ')}): not comparable with published numbers`] : []),
    ...(random.length
      ? [`random weights (${random.join(', ')}): these numbers say nothing about methods`]
      : []),
    ...seen,
    ...unknownNotes(source),
    ...(toyMetrics.length ? [`${toyMetrics.join(', ')}: ${TOY_METRICS}`] : []),
    ...new Set(setRows.flatMap(({ warnings }) => warnings)),
    ...pictureNotes(tables),
    ...comparabilityNotes(tables),
    ...(done < planned
      ? [
          `partial, so far ${done} of ${planned} cells have results, ${failures.length} failed; † marks means over fewer of them, not ranked`,
        ]
      : []),
  ];
}
