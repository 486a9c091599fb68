import { captionParameters } from '../identity/own-caption.ts';
import type { Params } from '../identity/refs.ts';
import { type CellRow, cellRows, makeupOf } from '../store/cell-rows.ts';
import { setRows } from '../store/configurations.ts';
import { priorNameOf, readNamed } from '../store/methods.ts';
import { experimentMetrics } from '../store/queries.ts';
import type { MethodRow, SettingRow } from '../store/rows.ts';
import { experimentFile } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { type Column, columnsOf, isCall, OWN, type Row } from './columns.ts';

/** The caption that a data set has for one of its pictures; null where it has none. */
export type CaptionOf = (dataset: string, item: string) => Promise<string | null>;

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: AsyncIterable<Row>;
}

/**
 * One row a number: of a picture in the plan's order, then those of whole sets, which have no item and seed. A cell
 * without a number has one row, without a metric.
 */
export function longTable(store: Store, experiment: string, captionOf: CaptionOf): Table {
  const about = facts(store, experiment, captionOf);
  async function* rows(): AsyncGenerator<Row> {
    for (const { cell, scores } of cellRows(store, experiment)) {
      const row = await about.cell(cell);
      if (scores.length === 0) yield row;
      for (const score of scores) yield { ...row, ...score };
    }
    for (const { method, setting, ...set } of setRows(store, experiment))
      yield { ...about.both(method, setting), ...set };
  }
  return { columns: columnsOf(about.makeup, about.named, null), rows: rows() };
}

/** One row a cell and one column a metric; numbers of whole sets are no cell's and left out. */
export function wideTable(store: Store, experiment: string, captionOf: CaptionOf): Table {
  const about = facts(store, experiment, captionOf);
  const sets = new Set(setRows(store, experiment).map(({ metric }) => metric));
  const metrics = experimentMetrics(store, experiment).filter((name) => !sets.has(name));
  async function* rows(): AsyncGenerator<Row> {
    for (const { cell, scores } of cellRows(store, experiment)) {
      const values = scores.map(({ metric, value }) => [metric, value]);
      yield { ...(await about.cell(cell)), ...Object.fromEntries(values) };
    }
  }
  return { columns: columnsOf(about.makeup, about.named, metrics), rows: rows() };
}

function facts(store: Store, experiment: string, captionOf: CaptionOf) {
  const named = readNamed(store);
  const { priors } = experimentFile(store, experiment).report;
  const known = new Map<string, Row>();
  const both = (methodKey: string, settingKey: string): Row => {
    const key = `${methodKey} ${settingKey}`;
    const row = known.get(key) ?? describe(methodKey, settingKey);
    known.set(key, row);
    return row;
  };
  const describe = (methodKey: string, settingKey: string): Row => {
    const method = named.methods.get(methodKey)!;
    return {
      experiment,
      ...ofMethod(method),
      prior: priorNameOf(method, priors),
      ...ofSetting(named.settings.get(settingKey)!),
    };
  };
  const cell = async (row: CellRow): Promise<Row> => {
    const { dataset } = named.settings.get(row.setting)!;
    return { ...both(row.method, row.setting), ...ofCell(row), caption: await captionOf(dataset, row.item) };
  };
  return { named, makeup: makeupOf(store, experiment), both, cell };
}

function ofMethod({ key, kind, name, title, version, params, prior }: MethodRow): Row {
  return {
    solver: name,
    params,
    methodKey: key,
    kind,
    title,
    methodVersion: version,
    captions: captionParameters(params).length > 0,
    priorVersion: prior?.version,
    priorSha256: prior?.weightsSha256,
    toy: prior?.toy ?? false,
    ...own(OWN.params, params),
  };
}

function ofSetting({ key, task, params, dataset }: SettingRow): Row {
  return { settingKey: key, task, taskParams: params, dataset, ...own(OWN.taskParams, params) };
}

function ofCell({ counters, batch, message, method: _, setting: __, logTail: ___, ...cell }: CellRow): Row {
  const calls = Object.entries(counters).filter(([name]) => isCall(name));
  return {
    ...cell,
    reason: message,
    peakMemoryMiB: counters.peakMemoryMiB,
    networkCalls: cell.status === 'done' ? calls.reduce((sum, [, n]) => sum + n, 0) : null,
    batchSize: batch.length || null,
    ...own(OWN.calls, Object.fromEntries(calls)),
  };
}

function own(prefix: string, values: Params): Row {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
