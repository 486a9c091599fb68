import { hasRandomWeights } from '../identity/random-weights.ts';
import type { Figure, Paper } from '../published/paper.ts';
import type { Column } from './columns.ts';
import { netOf, remarkOn } from './published-remark.ts';
import { randomPriors } from './random-priors.ts';
import type { MethodInfo, ReportSource } from './source.ts';
import { buildTables, type Cell, type TableModel, type TableRow, type TableSource } from './table-model.ts';

/** A published figure, and a row of ours that it may be held against. */
export interface PublishedRow {
  readonly paper: Paper;
  readonly figure: Figure;
  /** null where nothing of that method, or of that metric, was run here. */
  readonly ours: OurNumber | null;
  /** Ours minus published; null without a number of ours, and for random weights. */
  readonly gap: Interval | null;
  /** What differs, what is not known, and what its file notes, in this order. */
  readonly remark: string;
}

/** A number of ours in the figure's unit: 100 times an SSIM where the paper prints it so. */
export interface OurNumber extends Interval {
  readonly method: TableRow['method'];
  readonly metric: string;
  readonly digits: number;
  readonly cell: Cell;
  readonly randomWeights: boolean;
}

/** A number with its 95 % interval; NaN where that does not exist. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The published figures of one setting, in the order of their papers: those with a row of ours first. */
export interface PublishedTable {
  readonly of: TableModel;
  readonly rows: readonly PublishedRow[];
}

/** Published beside reproduced, of a whole report. */
export interface Published {
  readonly tables: readonly PublishedTable[];
  /** What a reader must know of them, a sentence each. */
  readonly notes: readonly string[];
}

export type PublishedSource = TableSource & Pick<ReportSource, 'published' | 'costs'>;

/** Joins the papers' figures to the settings of a report: by data set, size, task with its factor, method and metric. */
export function buildPublished(source: PublishedSource): Published {
  const { papers, problems } = source.published;
  if (papers.length + problems.length === 0) return { tables: [], notes: [] };
  const priors = source.methods.flatMap(({ prior, priorName }) => (prior ? [{ prior, priorName }] : []));
  const toys = namesOf(priors.filter(({ prior }) => prior.toy));
  const allToys = priors.length > 0 && priors.every(({ prior }) => prior.toy);
  const tables = allToys
    ? []
    : buildTables(source).flatMap((table) => {
        const rows = papers.flatMap((paper) => rowsOf(paper, table, source));
        const sorted = [...rows.filter(({ ours }) => ours), ...rows.filter(({ ours }) => !ours)];
        return sorted.length > 0 ? [{ of: table, rows: sorted }] : [];
      });
  const shown = new Set(tables.flatMap(({ rows }) => rows.map(({ paper }) => paper)));
  const random = randomPriors(source);
  return {
    tables,
    notes: [
      ...(toys.length > 0
        ? [`${toys.join(', ')}: a toy prior, whose rows never stand beside published figures`]
        : []),
      ...(random.length > 0
        ? [`${random.join(', ')}: random weights, shown beside published figures without a gap`]
        : []),
      ...(allToys
        ? []
        : papers.flatMap((paper) =>
            shown.has(paper) ? [] : [`${paper.id}: has no figure for these data sets, sizes and tasks`],
          )),
      ...papers.flatMap(({ label, missing }) => (missing === null ? [] : [`${label}: ${missing}`])),
      ...problems,
    ],
  };
}

function namesOf(priors: readonly Pick<MethodInfo, 'priorName'>[]): string[] {
  return [...new Set(priors.flatMap(({ priorName }) => priorName ?? []))];
}

function rowsOf(paper: Paper, table: TableModel, source: PublishedSource): PublishedRow[] {
  return paper.figures
    .filter((figure) => isOf(figure, table, source))
    .flatMap((figure) => {
      const candidates = numbersFor(figure, table, source);
      const ours = candidates.length > 0 ? candidates : [null];
      return ours.map((found) => ({
        paper,
        figure,
        ours: found ? found.number : null,
        gap: found && !found.number.randomWeights ? minus(found.number, figure.value) : null,
        remark: remarkOn(figure, table.taskParams, found && { ...found, costs: source.costs, table }),
      }));
    });
}

/** Parameters that make a task another one; the others are differences to be told. */
const DECIDING = ['factor', 'quality'];

function isOf(figure: Figure, table: TableModel, { settings }: TableSource): boolean {
  const { imageShape } = settings.find(({ key }) => key === table.key)!;
  return (
    figure.task === table.task &&
    imageShape[1] === figure.resolution &&
    imageShape[2] === figure.resolution &&
    dataSet(figure.dataset) === dataSet(table.dataset) &&
    DECIDING.every((key) => figure.params[key] === table.taskParams[key])
  );
}

/** `ffhq` of FFHQ, ffhq256 and ffhq-512: folders are often called by their size. */
function dataSet(name: string): string {
  return name.toLowerCase().replace(/[-_ ]?(64|128|256|512|768|1024)$/, '');
}

interface Candidate {
  readonly number: OurNumber;
  readonly column: Column;
}

/** Every number of ours of the figure's method and metric; of LPIPS that of its network, where it is known and computed. */
function numbersFor(figure: Figure, table: TableModel, { methods }: TableSource): Candidate[] {
  const { family, solver, scale, protocol } = figure;
  if (family === null || solver === null) return [];
  const ofFamily = [...table.columns.entries()].filter(
    ([, { metric, toy }]) => !toy && (metric === family || metric.startsWith(`${family}-`)),
  );
  const sameNet = ofFamily.filter(
    ([, { metric }]) => family === 'lpips' && netOf(metric) === protocol.lpipsNet,
  );
  const columns = sameNet.length > 0 ? sameNet : ofFamily;
  return table.rows.flatMap(({ method, cells }) => {
    const { prior } = methods.find(({ key }) => key === method.key)!;
    if (method.trivial || method.solver !== solver || prior?.toy) return [];
    return columns.flatMap(([i, column]): Candidate[] => {
      const cell = cells[i];
      if (!cell) return [];
      const { mean, low, high } = cell;
      const number = {
        method,
        metric: column.title,
        digits: Math.max(0, column.digits - Math.round(Math.log10(scale))),
        mean: mean * scale,
        low: low * scale,
        high: high * scale,
        cell,
        randomWeights: prior !== null && hasRandomWeights(prior),
      };
      return [{ number, column }];
    });
  });
}

function minus({ mean, low, high }: Interval, value: number): Interval {
  return { mean: mean - value, low: low - value, high: high - value };
}
