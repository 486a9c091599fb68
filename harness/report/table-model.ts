import { groupBy } from '../group-by.ts';
import type { Params, SettingRef } from '../identity/refs.ts';
import { jackknifeError } from '../metrics/jackknife.ts';
import { picturesToSeparate } from '../metrics/power.ts';
import {
  type Estimate,
  estimate,
  meanError,
  type Difference as PairedDifference,
  pairedDifference,
  pairedDifferences,
  type Score,
} from '../metrics/statistics.ts';
import type { MetricRow, SetRow } from '../store/rows.ts';
import { counted } from '../text/count.ts';
import { type Column, columnKey, listColumns } from './columns.ts';
import { listMethods, type Method } from './methods.ts';
import { amongRanked, markTies, rankCells } from './ranking.ts';
import type { FailedCell, ReportSource } from './source.ts';

/** Method minus reference, paired by (image, seed); of whole sets by blocks of images, without a p value. */
export interface Difference extends PairedDifference {
  /** On which side of zero the 95 % interval lies; open also where p >= 0.05 (few images: the bootstrap is narrow). */
  readonly verdict: 'better' | 'worse' | 'open';
  /** Of one that is open: how many pictures would show a difference like this one; null where nothing says so. */
  readonly picturesNeeded: number | null;
}

/**
 * A mean with its 95 % interval: images resampled with all their seeds. Of whole sets the set's number, with 1.96
 * standard errors (delete-block jackknife) on each side.
 */
export interface Cell extends Estimate {
  readonly seeds: number;
  /** How many values there are, and how many of them are infinite (equal pictures) and left out of the mean. */
  readonly values: number;
  readonly infinite: number;
  /** null where there is no spread to compute it from. */
  readonly standardError: number | null;
  /** False where other rows of the column hold more values: such a mean is over other images and is not ranked. */
  readonly complete: boolean;
  /** Among complete cells of finite values of methods that are ranked, trivial baseline included, at the precision shown; ties share a rank. */
  readonly rank: 'best' | 'second' | null;
  /** Whether the paired test leaves open that it is as good as the column's best, at Holm's level; never of a whole set. */
  readonly tied: boolean;
  /** null where a value of either method is infinite. */
  readonly difference: Difference | null;
}

export interface TableRow {
  readonly method: Method;
  readonly isReference: boolean;
  /** One for each column; null where nothing is stored. */
  readonly cells: readonly (Cell | null)[];
}

/** The comparison table of one setting. */
export interface TableModel {
  /** The setting's. */
  readonly key: string;
  readonly kind: SettingRef['kind'];
  readonly task: string;
  readonly title: string;
  readonly taskParams: Params;
  readonly dataset: string;
  readonly columns: readonly Column[];
  readonly rows: readonly TableRow[];
  /** The method that differences refer to. */
  readonly reference: Method | null;
  /** Of the solvers, in the order of the rows: rows of different ones do not differ by the method alone. */
  readonly priors: readonly string[];
  /** Methods that cannot be used here, and why. */
  readonly skipped: readonly { readonly method: Method; readonly reason: string }[];
  /** Methods of which no picture has a result, and why. */
  readonly failed: readonly { readonly method: Method; readonly reason: string }[];
  /** What a reader must know of the numbers of sets, each once. */
  readonly warnings: readonly string[];
}

export type TableSource = Pick<
  ReportSource,
  'rows' | 'setRows' | 'methods' | 'settings' | 'skipped' | 'failures' | 'metrics' | 'baseline'
>;

const built = new WeakMap<TableSource, readonly TableModel[]>();

/** One table for each setting, in order of appearance; made once of a source, whichever formats ask for them. */
export function buildTables(source: TableSource): readonly TableModel[] {
  const tables = built.get(source) ?? makeTables(source);
  built.set(source, tables);
  return tables;
}

function makeTables(source: TableSource): TableModel[] {
  const ofPictures = groupBy(source.rows, ({ setting }) => setting);
  const ofSets = groupBy(source.setRows, ({ setting }) => setting);
  return [...new Set([...ofPictures.keys(), ...ofSets.keys()])].map((key) =>
    buildTable(key, ofPictures.get(key) ?? [], ofSets.get(key) ?? [], source),
  );
}

function buildTable(
  key: string,
  rows: readonly MetricRow[],
  setRows: readonly SetRow[],
  source: TableSource,
): TableModel {
  const {
    kind,
    task,
    title,
    params: taskParams,
    dataset,
  } = source.settings.find((setting) => setting.key === key)!;
  const columns = listColumns(rows, setRows, source.metrics);
  const skipped = source.skipped.filter(({ setting }) => setting === key);
  const failures = groupBy(
    source.failures.filter(({ setting }) => setting === key),
    ({ method }) => method,
  );
  const scored = new Set([...rows, ...setRows].map(({ method }) => method));
  const named = new Set([...scored, ...skipped.map(({ method }) => method), ...failures.keys()]);
  const known = new Map(source.methods.map((method) => [method.key, method]));
  const methods = listMethods(
    [...named].map((method) => known.get(method)!),
    kind,
  );
  const reference = findReference(methods, source.baseline);
  const byColumn = columns.map((column) =>
    column.ofSets
      ? setCells(column, methods, reference, setRows)
      : columnCells(column, methods, reference, rows),
  );
  const tableRows = methods.map((method, i) => ({
    method,
    isReference: method === reference,
    cells: byColumn.map((cells) => cells[i]!),
  }));
  const warnings = [...new Set(setRows.flatMap((row) => row.warnings))];
  const priors = [...new Set(methods.flatMap(({ prior }) => prior ?? []))];
  return {
    key,
    kind,
    task,
    title,
    taskParams,
    dataset,
    columns,
    reference,
    rows: tableRows,
    priors,
    skipped: skipped.map(({ method, reason }) => ({
      method: methods.find((one) => one.key === method)!,
      reason,
    })),
    failed: methods.flatMap((method) => {
      const cells = scored.has(method.key) ? undefined : failures.get(method.key);
      return cells ? [{ method, reason: reasonOf(cells) }] : [];
    }),
    warnings,
  };
}

/** Those that hold a number, of all rows. */
export function cellsOf(tables: readonly TableModel[]): Cell[] {
  return tables.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.filter((cell) => cell !== null)));
}

/** `4 cells failed, the first (timeout): too slow`. */
function reasonOf(cells: readonly FailedCell[]): string {
  const { kind, message } = cells[0]!;
  return `${counted(cells.length, 'cell')} failed, the first (${kind}): ${message}`;
}

/** The configured baseline: a solver's row of this label or name; where it has several rows, the first. */
function findReference(methods: readonly Method[], baseline: string | null): Method | null {
  const solvers = methods.filter(({ trivial }) => !trivial);
  return solvers.find((m) => m.label === baseline) ?? solvers.find((m) => m.solver === baseline) ?? null;
}

/** Whether a difference to the reference says something of the methods: two priors differ by more than those. */
function isComparable(method: Method, reference: Method | null): boolean {
  if (method === reference) return false;
  return method.prior === null || method.prior === (reference?.prior ?? method.prior);
}

function columnCells(
  column: Column,
  methods: readonly Method[],
  reference: Method | null,
  rows: readonly MetricRow[],
): (Cell | null)[] {
  const inColumn = rows.filter((row) => columnKey(row) === columnKey(column));
  const byMethod = groupBy(inColumn, ({ method }) => method);
  const scores = methods.map((method) => (byMethod.get(method.key) ?? []).map(toScore));
  const full = Math.max(...scores.map((ofMethod) => ofMethod.length));
  const ofReference = reference ? scores[methods.indexOf(reference)]! : [];
  const cells = scores.map((ofMethod, i): Cell | null => {
    if (ofMethod.length === 0) return null;
    const finite = ofMethod.filter(({ value }) => Number.isFinite(value));
    const counted = finite.length > 0 ? finite : ofMethod;
    return {
      ...estimate(counted),
      images: new Set(ofMethod.map(({ image }) => image)).size,
      seeds: new Set(ofMethod.map(({ seed }) => seed)).size,
      values: ofMethod.length,
      infinite: ofMethod.length - finite.length,
      standardError: meanError(counted),
      complete: ofMethod.length === full,
      rank: null,
      tied: false,
      difference: isComparable(methods[i]!, reference) ? difference(ofMethod, ofReference, column) : null,
    };
  });
  return amongRanked(cells, methods, (some) => markTies(rankCells(some, column), scores, column));
}

/** Rows of one column have the same number of pictures and the same truths: that is part of their protocol. */
function setCells(
  column: Column,
  methods: readonly Method[],
  reference: Method | null,
  rows: readonly SetRow[],
): (Cell | null)[] {
  const inColumn = rows.filter((row) => columnKey(row) === columnKey(column));
  const byMethod = new Map(inColumn.map((row) => [row.method, row]));
  const ofReference = reference ? byMethod.get(reference.key) : undefined;
  const cells = methods.map((method): Cell | null => {
    const row = byMethod.get(method.key);
    if (!row) return null;
    const { value, standardError, images, seeds } = row;
    return {
      ...interval(value, standardError, images),
      seeds,
      values: images * seeds,
      infinite: 0,
      standardError,
      complete: true,
      rank: null,
      tied: false,
      difference:
        ofReference && isComparable(method, reference) ? setDifference(row, ofReference, column) : null,
    };
  });
  return amongRanked(cells, methods, (some) => rankCells(some, column));
}

/** Of two sets that lose the same blocks of images together, block by block. */
export function setDifference(row: SetRow, reference: SetRow, { better }: Column): Difference | null {
  const { images, replicates } = row;
  const error =
    replicates.length === reference.replicates.length
      ? jackknifeError(replicates.map((value, block) => value - reference.replicates[block]!))
      : null;
  const estimated = { ...interval(row.value - reference.value, error, images), p: Number.NaN };
  const { low, high } = estimated;
  const open = Number.isNaN(low) || (low <= 0 && high >= 0);
  const verdict = open ? 'open' : low > 0 === (better === 'higher') ? 'better' : 'worse';
  return { ...estimated, verdict, picturesNeeded: null };
}

function interval(mean: number, standardError: number | null, images: number): Estimate {
  const half = standardError === null ? Number.NaN : 1.96 * standardError;
  return { mean, low: mean - half, high: mean + half, images };
}

function toScore({ item, seed, value }: MetricRow): Score {
  return { image: item, seed, value };
}

/** Null when the two methods share no image, and where one has an infinite value: so would be the difference. */
function difference(
  method: readonly Score[],
  reference: readonly Score[],
  column: Column,
): Difference | null {
  if (![...method, ...reference].every(({ value }) => Number.isFinite(value))) return null;
  const paired = pairedDifference(method, reference);
  if (paired.images === 0) return null;
  const verdict = verdictOf(paired, column.better);
  const isOpen = verdict === 'open';
  return {
    ...paired,
    verdict,
    picturesNeeded: isOpen ? picturesToSeparate(pairedDifferences(method, reference)) : null,
  };
}

function verdictOf({ low, high, p }: PairedDifference, better: Column['better']): Difference['verdict'] {
  if (!(p < 0.05) || (low <= 0 && high >= 0)) return 'open';
  return low > 0 === (better === 'higher') ? 'better' : 'worse';
}
