import { canonicalJson } from '../identity/canonical.ts';
import type { ExperimentRecord, RunOutcome, RunRecord } from './records.ts';
import type { Store } from './store.ts';
import { stored, storedJson, storedTime } from './stored-json.ts';

/** Provenance of an experiment: its config and the runs that computed its cells. */
export interface Provenance {
  name: string;
  configFile: string;
  configText: string;
  report: ExperimentRecord['report'];
  /** Toy priors are labelled wherever their results show. */
  priors: { name: string; weightsSha256: string; toy: boolean }[];
  /** Every run that computed at least one of the present cells, and the latest; oldest first. */
  runs: RunRow[];
}

/** Where, when and with what cells were computed. */
export interface RunRow {
  id: number;
  started: string;
  ended: string | null;
  outcome: RunOutcome | null;
  commit: string | null;
  dirty: boolean;
  diffSha256: string | null;
  versions: Record<string, string>;
  host: string;
  devices: string[];
  argv: string[];
}

const RUN = 'id, started, ended, outcome, git_commit, git_dirty, git_diff_sha, versions, host, devices, argv';

/** The number of the run that was started then and there; null: it is not entered. */
export function findRun(
  { db }: Store,
  experiment: string,
  { started, host, devices }: Pick<RunRecord, 'started' | 'host' | 'devices'>,
): number | null {
  const id = db
    .prepare(`
      SELECT id FROM runs WHERE started = ? AND host = ? AND devices = ?
        AND experiment_id = (SELECT id FROM versions WHERE ref = ?)`)
    .pluck()
    .get(started, host, canonicalJson(devices), experiment) as number | undefined;
  return id ?? null;
}

/** How many cells the latest run of an experiment has solved. */
export function solvedByLatestRun({ db }: Store, experiment: string): number {
  return db
    .prepare(`
      SELECT count(*) FROM solutions WHERE run_id =
        (SELECT id FROM runs WHERE experiment_id = (SELECT id FROM versions WHERE ref = ?) ORDER BY started DESC, id DESC)`)
    .pluck()
    .get(experiment) as number;
}

/** An experiment's version as it was registered: what no cell has to be looked at for. */
export function experimentFile(
  { db }: Store,
  experiment: string,
): Pick<Provenance, 'configFile' | 'configText' | 'report'> & { readonly id: number } {
  const { report, ...row } = db
    .prepare(`
      SELECT id, config_file AS configFile, config_text AS configText, report FROM experiments
      WHERE id = (SELECT id FROM versions WHERE ref = ?)`)
    .get(experiment) as { id: number; configFile: string; configText: string; report: string };
  return { ...row, report: storedJson(report, 'experiments.report', stored.report) };
}

/** The run that has solved a cell; null: it has no result. */
export function runOfCell({ db }: Store, cellKey: string): RunRow | null {
  const row = db
    .prepare(`SELECT ${RUN} FROM runs WHERE id = (SELECT run_id FROM solutions WHERE cell_key = ?)`)
    .get(cellKey) as Record<string, string | number | null> | undefined;
  return row ? asRun(row) : null;
}

function asRun(r: Record<string, string | number | null>): RunRow {
  return {
    id: r.id as number,
    started: storedTime(r.started as string, 'runs.started'),
    ended: r.ended === null ? null : storedTime(r.ended as string, 'runs.ended'),
    outcome: r.outcome as RunOutcome | null,
    commit: r.git_commit as string | null,
    dirty: r.git_dirty === 1,
    diffSha256: r.git_diff_sha as string | null,
    versions: storedJson(r.versions as string, 'runs.versions', stored.versions),
    host: r.host as string,
    devices: storedJson(r.devices as string, 'runs.devices', stored.texts),
    argv: storedJson(r.argv as string, 'runs.argv', stored.texts),
  };
}

export function provenance(store: Store, experiment: string): Provenance {
  const { db } = store;
  const { id, ...file } = experimentFile(store, experiment);
  const priors = db
    .prepare(`
      SELECT DISTINCT m.prior AS name, m.prior_sha AS weightsSha256, m.toy FROM methods m
      WHERE m.key IN (
        SELECT c.method_key FROM experiment_cells ec JOIN cells c ON c.key = ec.cell_key WHERE ec.experiment_id = ?) AND m.prior IS NOT NULL ORDER BY 1, 2`)
    .all(id) as { name: string; weightsSha256: string; toy: number }[];
  const runs = db
    .prepare(`
      SELECT ${RUN} FROM runs
      WHERE id IN (SELECT s.run_id FROM experiment_cells ec JOIN solutions s USING (cell_key) WHERE ec.experiment_id = :id)
        OR id = (SELECT id FROM runs WHERE experiment_id = :id ORDER BY started DESC, id DESC)
      ORDER BY started, id`)
    .all({ id }) as Record<string, string | number | null>[];
  return {
    name: experiment,
    ...file,
    priors: priors.map((p) => ({ ...p, toy: p.toy === 1 })),
    runs: runs.map(asRun),
  };
}
