import { captionParameters } from '../identity/own-caption.ts';
import type { Params } from '../identity/refs.ts';
import { rememberingLast } from '../remember.ts';
import { type CellRow, cellRows, makeupOf } from '../store/cell-rows.ts';
import { setRows } from '../store/configurations.ts';
import { priorNameOf, readNamed } from '../store/methods.ts';
import { experimentMetrics } from '../store/queries.ts';
import type { MethodRow, SettingRow } from '../store/rows.ts';
import { experimentFile } from '../store/runs.ts';
import type { Store } from '../store/store.ts';
import { columnsOf, isCall, metricColumn, OWN, type Row } from './columns.ts';
import type { Column, Table, Values } from './table.ts';

/** What pictures say in words. */
export interface Words {
  /** The caption that a data set has for one of its pictures; null where it has none. */
  captionOf(dataset: string, item: string): Promise<string | null>;
  /** What a task of a kind has asked for, by the path of the truth; null where that is in no words. */
  askedOf(kind: SettingRow['kind'], truth: string): string | null;
}

/**
 * One row a number: of a picture in the plan's order, then those of whole sets, which have no item and seed. A cell
 * without a number has one row, without a metric.
 */
export function longTable(store: Store, experiment: string, words: Words): Table {
  const about = facts(store, experiment, words);
  const columns = columnsOf(about.makeup, about.named, null);
  const rowOf = rowsIn(columns, about);
  async function* rows(): AsyncGenerator<Values> {
    for (const { cell, scores } of cellRows(store, experiment)) {
      const row = await rowOf.cell(cell);
      if (scores.length === 0) yield row;
      for (const score of scores) yield rowOf.with(row, score);
    }
    for (const { method, setting, ...set } of setRows(store, experiment))
      yield rowOf.with(rowOf.both(method, setting), set);
  }
  return { columns, rows: rows() };
}

/** One row a cell and one column a metric; numbers of whole sets are no cell's and left out. */
export function wideTable(store: Store, experiment: string, words: Words): Table {
  const about = facts(store, experiment, words);
  const sets = new Set(setRows(store, experiment).map(({ metric }) => metric));
  const metrics = experimentMetrics(store, experiment).filter((name) => !sets.has(name));
  const columns = columnsOf(about.makeup, about.named, metrics);
  const rowOf = rowsIn(columns, about);
  async function* rows(): AsyncGenerator<Values> {
    for (const { cell, scores } of cellRows(store, experiment)) {
      const values = scores.map(({ metric, value }) => [metricColumn(metric).name, value]);
      yield rowOf.with(await rowOf.cell(cell), Object.fromEntries(values));
    }
  }
  return { columns, rows: rows() };
}

type Facts = ReturnType<typeof facts>;

/** What an experiment's rows are made of. */
function facts(store: Store, experiment: string, words: Words) {
  const { priors } = experimentFile(store, experiment).report;
  return { experiment, priors, named: readNamed(store), makeup: makeupOf(store, experiment), words };
}

/** Makes rows of some columns. What cells share is put into its places once, and copied. */
function rowsIn(columns: readonly Column[], { experiment, priors, named, words }: Facts) {
  const places = new Map(columns.map(({ name }, place) => [name, place]));
  const withValues = (row: Values, ...more: readonly object[]): Values => {
    const values = row.slice();
    for (const some of more)
      for (const [name, value] of Object.entries(some)) {
        const place = places.get(name);
        if (place !== undefined) values[place] = value ?? null;
      }
    return values;
  };
  const empty: Values = columns.map(() => null);
  const both = remembering((methodKey: string, settingKey: string) => {
    const method = named.methods.get(methodKey)!;
    const prior = priorNameOf(method, priors);
    const of = { experiment, ...ofMethod(method), prior, ...ofSetting(named.settings.get(settingKey)!) };
    return withValues(empty, of);
  });
  const caption = remembering((dataset, item) => words.captionOf(dataset, item));
  const asked = remembering((kind, truth) => words.askedOf(kind as SettingRow['kind'], truth));
  const cell = async (row: CellRow): Promise<Values> => {
    const { dataset, kind } = named.settings.get(row.setting)!;
    const more = {
      ...ofCell(row),
      caption: await caption(dataset, row.item),
      asked: row.truth && asked(kind, row.truth),
    };
    return withValues(both(row.method, row.setting), row, ofCounters(row.counters), more);
  };
  return { both, cell, with: withValues };
}

/** What cells share is asked for once. */
function remembering<T>(ask: (a: string, b: string) => T): (a: string, b: string) => T {
  const known = new Map<string, T>();
  return (a, b) => {
    const key = `${a}\n${b}`;
    if (!known.has(key)) known.set(key, ask(a, b));
    return known.get(key)!;
  };
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

/** What a cell's own columns do not say by their names. */
function ofCell({ counters, batch, message, status }: CellRow): Row {
  return {
    reason: message,
    networkCalls: status === 'done' ? ofCounters(counters).networkCalls : null,
    batchSize: batch.length || null,
  };
}

const ofCounters = rememberingLast((counters: CellRow['counters']): Row => {
  const calls = Object.entries(counters).filter(([name]) => isCall(name));
  return {
    peakMemoryMiB: counters.peakMemoryMiB,
    networkCalls: calls.reduce((sum, [, n]) => sum + n, 0),
    ...own(OWN.calls, Object.fromEntries(calls)),
  };
});

function own(prefix: string, values: Params): Row {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}
