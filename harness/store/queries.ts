import { askedMetrics } from './asked-metrics.ts';
import type { CellStatus, FailureKind, RunOutcome } from './records.ts';
import type { ImageRow, MetricRow, SkippedRow, TraceRow } from './rows.ts';
import type { Store } from './store.ts';
import { stored, storedJson } from './stored-json.ts';
import { tracedCells } from './trace-file.ts';

/** How far an experiment is. */
export interface ExperimentStatus {
  name: string;
  total: number;
  done: number;
  failed: number;
  todo: number;
  /** Failed cells by kind. */
  failures: Partial<Record<FailureKind, number>>;
  /** The latest run, of any of its versions or of the one named; null where none was started. */
  lastRun: { started: string; ended: string | null; outcome: RunOutcome | null } | null;
}

/** One failed cell, for the person. */
export interface FailureRow {
  cell: string;
  solver: string;
  params: Record<string, unknown>;
  task: string;
  taskParams: Record<string, unknown>;
  item: string;
  seed: number;
  kind: FailureKind;
  message: string;
  logTail: string;
  attempts: number;
  /** Keys. */
  method: string;
  setting: string;
}

/** Mean cost of a restored image, by method and setting. */
export interface CostRow {
  /** Keys. */
  method: string;
  setting: string;
  images: number;
  secondsPerImage: number;
  /** Network evaluations an image, e.g. { unetForward: 100 }. */
  calls: Record<string, number>;
}

/** Experiments are asked for as the view `versions` calls them: NAME, the version planned last, or NAME@VERSION. */
const cellsOf = `
  experiments e JOIN experiment_cells ec ON ec.experiment_id = e.id JOIN cells c ON c.key = ec.cell_key`;

/** The scores of done cells that an experiment asks for. */
const scoresAsked = `
  ${cellsOf} JOIN experiment_metrics em ON em.experiment_id = e.id
  JOIN scores s ON s.cell_key = c.key AND s.metric = em.metric AND s.version = em.version AND s.protocol = em.protocol
  WHERE e.id = (SELECT id FROM versions WHERE ref = ?) AND c.status = 'done'`;

export function experimentNames({ db }: Store): string[] {
  return db
    .prepare('SELECT DISTINCT name FROM experiments WHERE name <> ? ORDER BY name')
    .pluck()
    .all(NOBODY) as string[];
}

/** No experiment has this name: its runs are those of forgotten ones. */
export const NOBODY = '';

/** The names of the metrics that an experiment asks for, in its order. */
export function experimentMetrics({ db }: Store, experiment: string): string[] {
  return db
    .prepare(`
      SELECT em.metric FROM experiment_metrics em JOIN experiments e ON e.id = em.experiment_id
      WHERE e.id = (SELECT id FROM versions WHERE ref = ?) ORDER BY em.position`)
    .pluck()
    .all(experiment) as string[];
}

/** The protocol under which an experiment, in its latest version that does, asks for a metric of this version. */
export function experimentProtocol(
  { db }: Store,
  experiment: string,
  metric: string,
  version: number,
): Record<string, string | number | boolean> | null {
  const protocol = db
    .prepare(`
      SELECT em.protocol FROM experiment_metrics em JOIN experiments e ON e.id = em.experiment_id
      WHERE e.name = ? AND em.metric = ? AND em.version = ? ORDER BY e.turn DESC LIMIT 1`)
    .pluck()
    .get(experiment, metric, version) as string | undefined;
  return protocol === undefined ? null : storedJson(protocol, 'experiment_metrics.protocol', stored.protocol);
}

/** Status of every cell of an experiment's version. */
export function cellStates({ db }: Store, experiment: string): Map<string, CellStatus> {
  const rows = db
    .prepare(`SELECT c.key, c.status FROM ${cellsOf} WHERE e.id = (SELECT id FROM versions WHERE ref = ?)`)
    .raw()
    .all(experiment);
  return new Map(rows as [string, CellStatus][]);
}

/** Status of the given cells, whatever experiment they belong to; a cell that is not stored is left out. */
export function statesOf({ db }: Store, keys: readonly string[]): Map<string, CellStatus> {
  const rows = db
    .prepare('SELECT key, status FROM cells WHERE key IN (SELECT value FROM json_each(?))')
    .raw()
    .all(JSON.stringify(keys));
  return new Map(rows as [string, CellStatus][]);
}

export function experimentStatus({ db }: Store, experiment: string): ExperimentStatus {
  const counts = db
    .prepare(
      `SELECT c.status, c.failure, count(*) AS n FROM ${cellsOf} WHERE e.id = (SELECT id FROM versions WHERE ref = ?) GROUP BY 1, 2`,
    )
    .all(experiment) as { status: CellStatus; failure: FailureKind | null; n: number }[];
  const of = (status: CellStatus) => counts.filter((c) => c.status === status).reduce((n, c) => n + c.n, 0);
  const lastRun = db
    .prepare(`
      SELECT r.started, r.ended, r.outcome FROM runs r JOIN experiments e ON e.id = r.experiment_id
      WHERE e.name = :ref OR e.name || '@' || e.version = :ref ORDER BY r.started DESC, r.id DESC LIMIT 1`)
    .get({ ref: experiment }) as ExperimentStatus['lastRun'] | undefined;
  return {
    name: experiment,
    total: counts.reduce((n, c) => n + c.n, 0),
    done: of('done'),
    failed: of('failed'),
    todo: of('todo'),
    failures: Object.fromEntries(counts.filter((c) => c.failure).map((c) => [c.failure, c.n])),
    lastRun: lastRun ?? null,
  };
}

/** Means over single pictures of what is stored so far, in the plan's order. */
export interface MeanRow {
  /** Keys. */
  method: string;
  setting: string;
  metric: string;
  mean: number;
  images: number;
}

export function meanRows({ db }: Store, experiment: string): MeanRow[] {
  return db
    .prepare(`
      SELECT c.method_key AS method, c.setting_key AS setting, s.metric, avg(s.value) AS mean, count(*) AS images
      FROM ${cellsOf}
      JOIN experiment_metrics em ON em.experiment_id = e.id
      JOIN scores s ON s.cell_key = c.key AND s.metric = em.metric AND s.version = em.version
        AND s.protocol = em.protocol
      WHERE e.id = (SELECT id FROM versions WHERE ref = ?) AND c.status = 'done'
      GROUP BY c.method_key, c.setting_key, em.position ORDER BY min(ec.position), em.position`)
    .all(experiment) as MeanRow[];
}

export function failureRows({ db }: Store, experiment: string): FailureRow[] {
  const rows = db
    .prepare(`
      SELECT c.key AS cell, m.name AS solver, m.params, st.task, st.params AS taskParams, c.item, c.seed,
        c.failure AS kind, c.message, c.log_tail AS logTail, c.attempts, c.method_key AS method,
        c.setting_key AS setting
      FROM ${cellsOf} JOIN methods m ON m.key = c.method_key JOIN settings st ON st.key = c.setting_key
      WHERE e.id = (SELECT id FROM versions WHERE ref = ?) AND c.status = 'failed' ORDER BY ec.position`)
    .all(experiment) as (Omit<FailureRow, 'params' | 'taskParams'> &
    Record<'params' | 'taskParams', string>)[];
  return rows.map((row) => ({
    ...row,
    params: storedJson(row.params, 'methods.params', stored.params),
    taskParams: storedJson(row.taskParams, 'settings.params', stored.params),
  }));
}

/** The cells of an experiment that have a trace, failed ones too, in its order. */
export function traceRows({ db, dir }: Store, experiment: string): TraceRow[] {
  const traced = tracedCells(dir);
  if (traced.size === 0) return [];
  const rows = db
    .prepare(`
      SELECT c.key AS cell, c.method_key AS method, c.setting_key AS setting, c.item, c.seed
      FROM ${cellsOf} WHERE e.id = (SELECT id FROM versions WHERE ref = ?) ORDER BY ec.position`)
    .all(experiment) as TraceRow[];
  return rows.filter(({ cell }) => traced.has(cell));
}

/** What an experiment's version leaves out, and why, in its plan's order. */
export function skippedRows({ db }: Store, experiment: string): SkippedRow[] {
  return db
    .prepare(`
      SELECT s.method_key AS method, s.setting_key AS setting, s.reason
      FROM experiment_skips s JOIN experiments e ON e.id = s.experiment_id WHERE e.id = (SELECT id FROM versions WHERE ref = ?) ORDER BY s.position`)
    .all(experiment) as SkippedRow[];
}

/** One row a metric value, in the plan's order; only the metrics, versions and protocols that the experiment asks for. */
export function metricRows(store: Store, experiment: string): MetricRow[] {
  const metrics = askedMetrics(store, experiment);
  const rows = store.db
    .prepare(`
      SELECT c.method_key, c.setting_key, c.item, c.seed, em.position, s.value
      FROM ${scoresAsked} ORDER BY ec.position, em.position`)
    .raw()
    .all(experiment) as [string, string, string, number, number, number][];
  return rows.map(([method, setting, item, seed, position, value]) => {
    return { method, setting, item, seed, ...metrics.get(position)!, value };
  });
}

/** Whether `metricRows` are any. */
export function hasScores({ db }: Store, experiment: string): boolean {
  return db.prepare(`SELECT EXISTS (SELECT 1 FROM ${scoresAsked})`).pluck().get(experiment) === 1;
}

/**
 * Pictures of an experiment: of each setting those of its first `items` images, at the first seed. Truth and measurement once
 * for each image, then the results.
 */
export function imageRows({ db }: Store, experiment: string, items: number): ImageRow[] {
  const rows = db
    .prepare(`
      WITH done AS (
        SELECT c.key, c.method_key, c.setting_key, c.item, c.seed, ec.position FROM ${cellsOf}
        WHERE e.id = (SELECT id FROM versions WHERE ref = ?) AND c.status = 'done'),
      first AS (SELECT setting_key, seed, MIN(position) FROM done GROUP BY setting_key),
      shown AS (
        SELECT setting_key, item, seed, ROW_NUMBER() OVER (PARTITION BY setting_key ORDER BY MIN(position)) AS number
        FROM done JOIN first USING (setting_key, seed) GROUP BY setting_key, item, seed)
      SELECT a.role, d.key AS cell, d.method_key AS method, d.setting_key AS setting, d.item, d.seed, a.path, a.sha256,
        f.path AS arrayPath, f.sha256 AS arraySha256
      FROM done d JOIN shown s ON s.setting_key = d.setting_key AND s.item = d.item AND s.seed = d.seed AND s.number <= ?
      JOIN artifacts a ON a.cell_key = d.key AND a.media <> 'array'
      LEFT JOIN artifacts f ON f.cell_key = d.key AND f.role = 'result' AND f.media = 'array'
      ORDER BY d.position, a.role <> 'truth', a.role <> 'given'`)
    .all(experiment, items) as (Omit<ImageRow, 'array'> &
    Record<'cell' | 'method', string> &
    Record<'arrayPath' | 'arraySha256', string | null>)[];
  const seen = new Set<string>();
  return rows.flatMap(({ arrayPath, arraySha256, ...found }): ImageRow[] => {
    const array = arrayPath === null ? null : { path: arrayPath, sha256: arraySha256! };
    const row = { ...found, array };
    if (row.role === 'result') return [row];
    const problem = [row.role, row.setting, row.item, row.seed].join('\n');
    if (seen.has(problem)) return [];
    seen.add(problem);
    return [{ ...row, cell: null, method: null }];
  });
}

/** A score that a done cell lacks, with the pictures to compute it of. */
export interface MissingScore {
  cellKey: string;
  metric: string;
  version: number;
  protocol: Record<string, unknown>;
  restored: string;
  truth: string;
  dataset: string;
  task: string;
  item: string;
  /** The result's array file; null where none is stored. */
  array: { path: string; sha256: string | null } | null;
}

/** The scores of single pictures that an experiment asks for and its done cells lack. */
export function missingScores({ db }: Store, experiment: string): MissingScore[] {
  const rows = db
    .prepare(`
      SELECT c.key AS cellKey, em.metric, em.version, em.protocol, r.path AS restored, t.path AS truth, st.dataset,
        st.task, c.item, a.path AS arrayPath, a.sha256 AS arraySha256
      FROM ${cellsOf}
      JOIN settings st ON st.key = c.setting_key
      JOIN experiment_metrics em ON em.experiment_id = e.id
      JOIN artifacts r ON r.cell_key = c.key AND r.role = 'result' AND r.media <> 'array'
      JOIN artifacts t ON t.cell_key = c.key AND t.role = 'truth' AND t.media <> 'array'
      LEFT JOIN artifacts a ON a.cell_key = c.key AND a.role = 'result' AND a.media = 'array'
      WHERE e.id = (SELECT id FROM versions WHERE ref = ?) AND em.level = 'image' AND NOT EXISTS (SELECT 1 FROM scores x WHERE x.cell_key = c.key
        AND x.metric = em.metric AND x.version = em.version AND x.protocol = em.protocol)
      ORDER BY ec.position, em.position`)
    .all(experiment) as (Omit<MissingScore, 'protocol' | 'array'> & {
    protocol: string;
    arrayPath: string | null;
    arraySha256: string | null;
  })[];
  return rows.map(({ arrayPath, arraySha256, ...row }) => ({
    ...row,
    array: arrayPath === null ? null : { path: arrayPath, sha256: arraySha256 },
    protocol: storedJson(row.protocol, 'experiment_metrics.protocol', stored.protocol),
  }));
}

/** Measured costs, of one experiment or of everything in the store. */
export function costs({ db }: Store, experiment: string | null): CostRow[] {
  const rows = db
    .prepare(`
      WITH solved AS MATERIALIZED (
        SELECT c.method_key AS method, c.setting_key AS setting, s.seconds, s.counters
        FROM solutions s JOIN cells c ON c.key = s.cell_key
        WHERE s.seconds IS NOT NULL
          AND (:experiment IS NULL OR c.key IN (SELECT c.key FROM ${cellsOf} WHERE e.id = (SELECT id FROM versions WHERE ref = :experiment)))
      ), time AS (
        SELECT method, setting, count(*) AS images, avg(seconds) AS secondsPerImage FROM solved GROUP BY method, setting
      ), call AS (
        SELECT method, setting, j.key AS name, sum(j.value) AS total FROM solved, json_each(counters) j
        WHERE j.type IN ('integer', 'real')
        GROUP BY method, setting, name
      )
      SELECT time.*, json_group_object(name, total * 1.0 / images) FILTER (WHERE name IS NOT NULL) AS calls
      FROM time LEFT JOIN call USING (method, setting) GROUP BY method, setting`)
    .all({ experiment }) as (Omit<CostRow, 'calls'> & { calls: string })[];
  return rows.map((row) => ({ ...row, calls: storedJson(row.calls, 'solutions.counters', stored.counts) }));
}
