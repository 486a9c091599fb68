import type { Row } from '../export/columns.ts';
import type { Column } from '../export/table.ts';
import { buildPublished, type PublishedSource, type PublishedTable } from './published-model.ts';
import { RECORD_COLUMNS } from './table-records.ts';

/** What is said of a published figure beside its `mean`, which is as printed; what is ours stands in columns of its own. */
const OF_FIGURES: readonly Column[] = [
  { name: 'paper', type: 'text' },
  { name: 'paper_table', type: 'text' },
  { name: 'first_hand', type: 'flag' },
  { name: 'own_method', type: 'flag' },
  { name: 'ours_method_key', type: 'text' },
  { name: 'ours', type: 'number' },
  { name: 'ours_low', type: 'number' },
  { name: 'ours_high', type: 'number' },
  { name: 'gap', type: 'number' },
  { name: 'gap_low', type: 'number' },
  { name: 'gap_high', type: 'number' },
  { name: 'random_weights', type: 'flag' },
  { name: 'remark', type: 'text' },
];

/** The columns of an experiment's records: more where it names papers. */
export function recordColumns(source: PublishedSource): readonly Column[] {
  return buildPublished(source).tables.length > 0 ? [...RECORD_COLUMNS, ...OF_FIGURES] : RECORD_COLUMNS;
}

/** One record a figure, of the kind `published`. */
export function publishedRecords(source: PublishedSource): Row[] {
  return buildPublished(source).tables.flatMap(ofTable);
}

function ofTable({ of, dataset, rows }: PublishedTable): Row[] {
  return rows.map(({ paper, figure, ours, gap, remark }) => ({
    ...(of && { task: of.task, task_params: of.taskParams }),
    ...{ dataset, method: figure.method, metric: figure.metric, mean: figure.value, kind: 'published' },
    ...{ paper: paper.id, paper_table: figure.table, first_hand: paper.firstHand, own_method: figure.own },
    ...(ours && {
      ours_method_key: ours.method.key,
      ...{ ours: ours.mean, ours_low: known(ours.low), ours_high: known(ours.high) },
      random_weights: ours.randomWeights,
    }),
    ...(gap && { gap: gap.mean, gap_low: known(gap.low), gap_high: known(gap.high) }),
    remark,
  }));
}

/** Nothing for an interval that does not exist. */
function known(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
