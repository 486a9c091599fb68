import type { Params } from '../identity/refs.ts';
import type { Makeup } from '../store/cell-rows.ts';
import type { Named } from '../store/rows.ts';
import type { Column, ColumnType } from './table.ts';

/** What is known of a row, by the names of columns. */
export type Row = Readonly<Record<string, unknown>>;

const METHOD_AND_PICTURE = columns({
  solver: 'text',
  params: 'json',
  task: 'text',
  taskParams: 'json',
  dataset: 'text',
  item: 'text',
  seed: 'integer',
});

const SCORE = columns({
  metric: 'text',
  version: 'integer',
  protocol: 'text',
  value: 'number',
  standardError: 'number',
});

/** Where `report --format csv` has `method_key` and so on. New ones go to the end (docs/versions.md). */
const REST = columns({
  methodKey: 'text',
  prior: 'text',
  kind: 'text',
  captions: 'flag',
  experiment: 'text',
  key: 'text',
  title: 'text',
  status: 'text',
  failure: 'text',
  reason: 'text',
  attempts: 'integer',
  seconds: 'number',
  steps: 'integer',
  networkCalls: 'number',
  peakMemoryMiB: 'number',
  device: 'text',
  batchSize: 'integer',
  finished: 'text',
  started: 'text',
  host: 'text',
  result: 'text',
  resultArray: 'text',
  truth: 'text',
  given: 'text',
  caption: 'text',
  itemSha256: 'text',
  settingKey: 'text',
  methodVersion: 'integer',
  priorVersion: 'integer',
  priorSha256: 'text',
  toy: 'flag',
  precision: 'text',
  rng: 'text',
  asked: 'text',
});

const SET = columns({ images: 'integer', seeds: 'integer', warnings: 'json', replicates: 'json' });

/** Before the name of a parameter or counter: a column of its own beside the JSON of all. */
export const OWN = { params: 'params.', taskParams: 'taskParams.', calls: 'calls.' } as const;

/**
 * The columns of an export, in an order that the experiment alone decides: fixed ones, then each parameter and each
 * counter, sorted by name.
 * @param wide names of the metrics that are columns; null: a row is one number
 */
export function columnsOf(
  { methods, settings, counters }: Makeup,
  named: Named,
  wide: readonly string[] | null,
): Column[] {
  const own = [
    ...ownColumns(
      OWN.params,
      methods.map((key) => named.methods.get(key)!.params),
    ),
    ...ownColumns(
      OWN.taskParams,
      settings.map((key) => named.settings.get(key)!.params),
    ),
    ...counters.filter(isCall).map((name): Column => ({ name: OWN.calls + name, type: 'number' })),
  ];
  return wide === null
    ? [...METHOD_AND_PICTURE, ...SCORE, ...REST, ...SET, ...own]
    : [...METHOD_AND_PICTURE, ...wide.map(metricColumn), ...REST, ...own];
}

/** Of a metric in a wide table; one that is named as another column is, by its place too. */
export function metricColumn(metric: string): Column {
  const taken = [...METHOD_AND_PICTURE, ...REST].some(({ name }) => name === metric);
  return { name: taken ? `metric.${metric}` : metric, type: 'number' };
}

/** Of what a solver counts, all but the memory. */
export function isCall(counter: string): boolean {
  return counter !== 'peakMemoryMiB';
}

function columns(types: Readonly<Record<string, ColumnType>>): Column[] {
  return Object.entries(types).map(([name, type]) => ({ name, type }));
}

function ownColumns(prefix: string, params: readonly Params[]): Column[] {
  const names = [...new Set(params.flatMap((one) => Object.keys(one)))].sort();
  return names.map((name) => ({ name: prefix + name, type: typeOf(params.map((one) => one[name])) }));
}

function typeOf(values: readonly unknown[]): ColumnType {
  const kinds = new Set(values.filter((value) => value !== null && value !== undefined).map((v) => typeof v));
  if (kinds.size !== 1) return 'json';
  if (kinds.has('number')) return 'number';
  if (kinds.has('boolean')) return 'flag';
  return kinds.has('string') ? 'text' : 'json';
}
