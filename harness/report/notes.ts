import { canSeparate, FEWEST_PICTURES, leastP } from '../metrics/power.ts';
import { parseProtocol } from './columns.ts';
import { TIED } from './legend.ts';
import { CAPTIONED } from './methods.ts';
import { randomPriors } from './random-priors.ts';
import type { ReportSource } from './source.ts';
import { cellsOf, type TableModel } from './table-model.ts';
import { tableTitle } from './titles.ts';

/** Behind the names of metrics that a toy network computes. */
export const TOY_METRICS =
  'asks a small network trained on toyfaces; comparable only within this table, never with published numbers';

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

/** Where the experiment's baseline has no row, so that nothing is compared with it. */
function baselineNotes({ baseline }: ReportSource, tables: readonly TableModel[]): string[] {
  const bare = tables.filter(
    ({ reference, rows }) => reference === null && rows.some(({ method }) => !method.trivial),
  );
  if (baseline === null || bare.length === 0) return [];
  return [`no Δ on ${bare.map(tableTitle).join('; ')}: ${baseline}, the baseline, has no row there`];
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
    ...baselineNotes(source, tables),
    ...(done < planned
      ? [
          `partial, so far ${done} of ${planned} cells have results, ${failures.length} failed; † marks means over fewer of them, not ranked`,
        ]
      : []),
  ];
}
