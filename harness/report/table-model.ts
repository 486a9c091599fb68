import type { Params } from '../config/plan.ts';
import {
  type Estimate,
  estimate,
  type Difference as PairedDifference,
  pairedDifference,
  type Score,
} from '../metrics/statistics.ts';
import type { MetricRow } from '../store/rows.ts';
import { type Column, listColumns } from './columns.ts';
import { groupBy } from './group-by.ts';
import { listMethods, type Method, methodKey, taskKey } from './methods.ts';
import type { ReportSource } from './source.ts';

/** Method minus reference, paired by (image, seed). */
export interface Difference extends PairedDifference {
  /** On which side of zero the 95 % interval lies; open also where p >= 0.05 (few images: the bootstrap is narrow). */
  readonly verdict: 'better' | 'worse' | 'open';
}

/** A mean with its 95 % interval: images resampled with all their seeds. */
export interface Cell extends Estimate {
  readonly seeds: number;
  /** False where other rows of the column hold more values: such a mean is over other images and is not ranked. */
  readonly complete: boolean;
  /** Among complete cells, trivial baseline included, at the precision shown; ties share a rank. */
  readonly rank: 'best' | 'second' | null;
  readonly difference: Difference | null;
}

export interface TableRow {
  readonly method: Method;
  readonly isReference: boolean;
  /** One for each column; null where nothing is stored. */
  readonly cells: readonly (Cell | null)[];
}

/** The comparison table of one task on one data set. */
export interface TableModel {
  readonly key: string;
  readonly task: string;
  readonly taskParams: Params;
  readonly dataset: string;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  /** The method that differences refer to. */
  readonly reference: Method | null;
}

export type TableSource = Pick<ReportSource, 'rows' | 'solvers' | 'metrics' | 'baseline'>;

/** One table for each task with its parameters and data set, in order of appearance. */
export function buildTables(source: TableSource): TableModel[] {
  return [...groupBy(source.rows, taskKey)].map(([key, rows]) => buildTable(key, rows, source));
}

function buildTable(key: string, rows: readonly MetricRow[], source: TableSource): TableModel {
  const { task, taskParams, dataset } = rows[0]!;
  const columns = listColumns(rows, source.metrics);
  const methods = listMethods(rows, source.solvers);
  const reference = findReference(methods, source.baseline);
  const byColumn = columns.map((column) => columnCells(column, methods, reference, rows));
  const tableRows = methods.map((method, i) => ({
    method,
    isReference: method === reference,
    cells: byColumn.map((cells) => cells[i]!),
  }));
  return { key, task, taskParams, dataset, columns, reference, rows: tableRows };
}

/** The configured baseline: a row's label or a solver's name; where that solver has several rows, the first. */
function findReference(methods: readonly Method[], baseline: string | null): Method | null {
  return methods.find((m) => m.label === baseline) ?? methods.find((m) => m.solver === baseline) ?? null;
}

function columnCells(
  column: Column,
  methods: readonly Method[],
  reference: Method | null,
  rows: readonly MetricRow[],
): (Cell | null)[] {
  const inColumn = rows.filter((row) => row.metric === column.metric && row.protocol === column.protocol);
  const byMethod = groupBy(inColumn, (row) => methodKey(row.solver, row.params));
  const scores = methods.map((method) => (byMethod.get(method.key) ?? []).map(toScore));
  const full = Math.max(...scores.map((ofMethod) => ofMethod.length));
  const ofReference = reference ? scores[methods.indexOf(reference)]! : [];
  const cells = scores.map((ofMethod, i): Cell | null => {
    if (ofMethod.length === 0) return null;
    return {
      ...estimate(ofMethod),
      seeds: new Set(ofMethod.map(({ seed }) => seed)).size,
      complete: ofMethod.length === full,
      rank: null,
      difference: methods[i] === reference ? null : difference(ofMethod, ofReference, column),
    };
  });
  return rankCells(cells, column);
}

function toScore({ item, seed, value }: MetricRow): Score {
  return { image: item, seed, value };
}

/** Null when the two methods share no image. */
function difference(
  method: readonly Score[],
  reference: readonly Score[],
  column: Column,
): Difference | null {
  const paired = pairedDifference(method, reference);
  if (paired.images === 0) return null;
  return { ...paired, verdict: verdictOf(paired, column.better) };
}

function verdictOf({ low, high, p }: PairedDifference, better: Column['better']): Difference['verdict'] {
  if (!(p < 0.05) || (low <= 0 && high >= 0)) return 'open';
  return low > 0 === (better === 'higher') ? 'better' : 'worse';
}

function rankCells(cells: readonly (Cell | null)[], { better, digits }: Column): (Cell | null)[] {
  const shown = (cell: Cell) => Number(cell.mean.toFixed(digits));
  const ranked = cells.filter((cell) => cell?.complete && !Number.isNaN(cell.mean)) as Cell[];
  const distinct = [...new Set(ranked.map(shown))].sort((a, b) => (better === 'higher' ? b - a : a - b));
  if (ranked.length < 2) return [...cells];
  return cells.map((cell) => {
    if (!cell?.complete) return cell;
    const place = distinct.indexOf(shown(cell));
    return { ...cell, rank: place === 0 ? 'best' : place === 1 ? 'second' : null };
  });
}
