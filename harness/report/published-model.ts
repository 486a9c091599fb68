import type { Figure, Paper } from '../published/paper.ts';
import { type Interval, isOfPictures, isOfSetting, numbersFor, type OurNumber } from './published-join.ts';
import { remarkOn } from './published-remark.ts';
import { randomPriors } from './random-priors.ts';
import type { MethodInfo, ReportSource } from './source.ts';
import { buildTables, type TableModel, type TableSource } from './table-model.ts';
import { tableTitle } from './titles.ts';

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

/** The published figures of one setting, or what a method costs on its pictures whatever the task. */
export interface PublishedTable {
  readonly title: string;
  readonly dataset: string;
  /** null for figures of no one task. */
  readonly of: TableModel | null;
  /** In the order of their papers, those with a row of ours first. */
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
  const tables = allToys ? [] : [...ofSettings(source), ...ofNoTask(source)];
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

function ofSettings(source: PublishedSource): PublishedTable[] {
  return buildTables(source).flatMap((table) => {
    const setting = source.settings.find(({ key }) => key === table.key)!;
    const rows = source.published.papers.flatMap((paper) =>
      paper.figures
        .filter((figure) => isOfSetting(figure, setting))
        .flatMap((figure) => besideOurs(paper, figure, table, source)),
    );
    const sorted = [...rows.filter(({ ours }) => ours), ...rows.filter(({ ours }) => !ours)];
    const { dataset } = table;
    return rows.length > 0 ? [{ title: tableTitle(table), dataset, of: table, rows: sorted }] : [];
  });
}

/** Seconds and evaluations are told of a data set, on machines of their own: they are shown, never held against ours. */
function ofNoTask({ settings, published: { papers } }: PublishedSource): PublishedTable[] {
  const pictures = new Map(settings.map((setting) => [`${setting.dataset} ${setting.imageShape}`, setting]));
  return [...pictures.values()].flatMap((setting) => {
    const rows = papers.flatMap((paper) =>
      paper.figures
        .filter((figure) => figure.task === null && isOfPictures(figure, setting))
        .map((figure) => ({
          paper,
          figure,
          ours: null,
          gap: null,
          remark: figure.note ?? 'not of one task, and of a machine of its own',
        })),
    );
    const { dataset } = setting;
    return rows.length > 0 ? [{ title: `of no one task, ${dataset}`, dataset, of: null, rows }] : [];
  });
}

function besideOurs(
  paper: Paper,
  figure: Figure,
  table: TableModel,
  source: PublishedSource,
): PublishedRow[] {
  const candidates = numbersFor(figure, table, source);
  const ours = candidates.length > 0 ? candidates : [null];
  return ours.map((found) => ({
    paper,
    figure,
    ours: found ? found.number : null,
    gap: found && !found.number.randomWeights ? minus(found.number, figure.value) : null,
    remark: remarkOn(figure, table.taskParams, found && { ...found, costs: source.costs, table }),
  }));
}

function namesOf(priors: readonly Pick<MethodInfo, 'priorName'>[]): string[] {
  return [...new Set(priors.flatMap(({ priorName }) => priorName ?? []))];
}

function minus({ mean, low, high }: Interval, value: number): Interval {
  return { mean: mean - value, low: low - value, high: high - value };
}
