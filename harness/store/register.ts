import { canonicalJson, sha256 } from '../identity/canonical.ts';
import type { ExperimentRecord } from './records.ts';
import type { Store } from './store.ts';
import { enterMethodsOf, insertCell } from './writes.ts';

/** The version of an experiment that a plan is. */
export interface Registered {
  readonly version: number;
  /** The plan was not known. */
  readonly isNew: boolean;
}

/**
 * Enters a plan: as a further version of the experiment of its name or, where a version has the same cells in the same
 * order, metrics, omissions and report, as that one. The name alone means it from now on. Comments, and what changes no
 * number (devices, workers), make no version.
 */
export function registerExperiment(store: Store, experiment: ExperimentRecord): Registered {
  const { db } = store;
  const update = db.prepare(`
    UPDATE experiments SET config_file = ?, config_text = ?, config_sha = ?, config_values = ?, report = ?,
      turn = (SELECT max(turn) FROM experiments WHERE name = ?) + 1
    WHERE id = ?`);
  const { name, configFile, configText, configValues } = experiment;
  return db
    .transaction((): Registered => {
      enterMethodsOf(store, [...experiment.cells, ...experiment.skipped]);
      for (const cell of experiment.cells) insertCell(store, cell);
      const known = sameVersion(store, experiment);
      const { id, version } = known ?? roomFor(store, experiment);
      update.run(
        configFile,
        configText,
        sha256(configText),
        configValues === undefined ? null : JSON.stringify(configValues),
        canonicalJson(experiment.report),
        name,
        id,
      );
      if (!known) link(store, id, experiment);
      return { version, isNew: !known };
    })
    .immediate();
}

/** A row of `experiments`. */
export interface VersionRow {
  readonly id: number;
  readonly version: number;
}

function sameVersion({ db }: Store, experiment: ExperimentRecord): VersionRow | undefined {
  const asked = JSON.stringify([
    experiment.cells.map(({ key }) => key),
    metricRowsOf(experiment),
    skipRowsOf(experiment),
  ]);
  return versionWith(db, experiment.name, canonicalJson(experiment.report), asked);
}

/** The version, planned last, that asks for the same; `plan` is what `planOf` says of another. */
export function versionWith(
  db: Store['db'],
  name: string,
  report: string,
  plan: string,
): VersionRow | undefined {
  const versions = db
    .prepare('SELECT id, version FROM main.experiments WHERE name = ? AND report = ? ORDER BY turn DESC')
    .all(name, report) as VersionRow[];
  return versions.find(({ id }) => planOf(db, 'main', id) === plan);
}

/** Which cells, metrics and omissions a version has, in order, as text to be compared. */
export function planOf(db: Store['db'], schema: string, id: number): string {
  const rows = (columns: string, table: string) =>
    db.prepare(`SELECT ${columns} FROM ${schema}.${table} WHERE experiment_id = ? ORDER BY position`);
  return JSON.stringify([
    rows('cell_key', 'experiment_cells').pluck().all(id),
    rows('metric, version, level, protocol', 'experiment_metrics').raw().all(id),
    rows('method_key, setting_key, reason', 'experiment_skips').raw().all(id),
  ]);
}

/** The row of an experiment whose plan was lost with a database, else a new one. */
export function roomFor({ db }: Store, { name }: Pick<ExperimentRecord, 'name'>): VersionRow {
  const empty = db
    .prepare(`
      SELECT id, version FROM experiments e WHERE name = ? AND config_text = ''
        AND NOT EXISTS (SELECT 1 FROM experiment_cells WHERE experiment_id = e.id)`)
    .get(name);
  const added = `
    INSERT INTO experiments (name, version, turn, config_file, config_text, config_sha, report)
    SELECT :name, coalesce(max(version), 0) + 1, 0, '', '', '', '{}' FROM experiments WHERE name = :name
    RETURNING id, version`;
  return (empty ?? db.prepare(added).get({ name })) as VersionRow;
}

function link({ db }: Store, id: number, experiment: ExperimentRecord): void {
  const cell = db.prepare(
    'INSERT INTO experiment_cells (experiment_id, position, cell_key) VALUES (?, ?, ?)',
  );
  const metric = db.prepare(
    'INSERT INTO experiment_metrics (experiment_id, position, metric, version, level, protocol) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const skip = db.prepare(
    'INSERT INTO experiment_skips (experiment_id, position, method_key, setting_key, reason) VALUES (?, ?, ?, ?, ?)',
  );
  for (const [position, { key }] of experiment.cells.entries()) cell.run(id, position, key);
  for (const [position, row] of metricRowsOf(experiment).entries()) metric.run(id, position, ...row);
  for (const [position, row] of skipRowsOf(experiment).entries()) skip.run(id, position, ...row);
}

function metricRowsOf({ metrics }: ExperimentRecord) {
  return metrics.map(({ name, version, level, protocol }) => [name, version, level, canonicalJson(protocol)]);
}

function skipRowsOf({ skipped }: ExperimentRecord) {
  return skipped.map(({ method, setting, reason }) => [method.key, setting.key, reason]);
}
