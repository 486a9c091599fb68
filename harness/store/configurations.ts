import { canonicalJson } from '../identity/canonical.ts';
import { setProtocol } from '../identity/fingerprint.ts';
import { setScoringKey } from '../identity/keys.ts';
import type { MetricRecord, SetScoreRecord } from './records.ts';
import type { SetRow } from './rows.ts';
import type { Store } from './store.ts';
import { stored, storedJson } from './stored-json.ts';

/** A stored picture of a set. */
export interface SetPicture {
  /** The data set's id of the picture that it is, or was restored from. */
  readonly item: string;
  /** Relative to the results folder. */
  readonly path: string;
  readonly sha256: string;
}

/** One set-level number that an experiment asks for: everything that one method made in one setting, and its truths. */
export interface SetComparisonPlan {
  readonly key: string;
  readonly task: string;
  readonly metric: Omit<MetricRecord, 'level'>;
  readonly generated: readonly SetPicture[];
  /** Each truth once, whatever the number of seeds. */
  readonly references: readonly SetPicture[];
}

interface Member {
  readonly cellKey: string;
  readonly seed: number;
  readonly restored: SetPicture;
  readonly truth: SetPicture;
}

/** All cells of one method in one setting. */
interface Configuration extends Pick<SetRow, 'method' | 'setting'> {
  readonly task: string;
  readonly members: readonly Member[];
}

/** The set-level numbers that an experiment asks for and the store lacks; of methods whose every cell is done. */
export function missingSetScores(store: Store, experiment: string): SetComparisonPlan[] {
  const distinct = new Map(comparisons(store, experiment).map(({ plan }) => [plan.key, plan]));
  return [...distinct.values()].filter(({ key }) => !readSetScore(store, key));
}

/** The set-level numbers that an experiment asks for and the store has, in the plan's order. */
export function setRows(store: Store, experiment: string): SetRow[] {
  return comparisons(store, experiment).flatMap(({ plan, of }) => {
    const score = readSetScore(store, plan.key);
    if (!score) return [];
    const { members, method, setting } = of;
    const { metric, version, protocol, value, standardError, replicates, warnings } = score;
    return {
      method,
      setting,
      metric,
      version,
      protocol: canonicalJson(protocol),
      value,
      standardError,
      replicates,
      warnings,
      images: plan.references.length,
      seeds: new Set(members.map(({ seed }) => seed)).size,
    };
  });
}

/** A set's number, and the cells that it is of. */
export interface SetScoreOf {
  readonly score: SetScoreRecord;
  readonly cells: readonly string[];
}

/** The set-level numbers that an experiment asks for and the store has. */
export function setScoresOf(store: Store, experiment: string): SetScoreOf[] {
  return comparisons(store, experiment).flatMap(({ plan, of }) => {
    const score = readSetScore(store, plan.key);
    return score ? [{ score, cells: of.members.map(({ cellKey }) => cellKey) }] : [];
  });
}

function comparisons(store: Store, experiment: string): { plan: SetComparisonPlan; of: Configuration }[] {
  const metrics = setMetrics(store, experiment);
  if (metrics.length === 0) return [];
  return completeConfigurations(store, experiment).flatMap((of) => {
    const references = [...new Map(of.members.map(({ truth }) => [truth.item, truth])).values()];
    // One picture alone is no distribution.
    if (references.length < 2) return [];
    const generated = of.members.map(({ restored }) => restored);
    const sha256s = references.map(({ sha256 }) => sha256);
    const identity = { generated: generated.length, references: sha256s, paired: true };
    return metrics.map((metric) => {
      const whole = { ...metric, protocol: setProtocol(metric.protocol, identity) };
      const key = setScoringKey(
        of.members.map(({ cellKey }) => cellKey),
        sha256s,
        whole,
      );
      return { plan: { key, task: of.task, metric: whole, generated, references }, of };
    });
  });
}

function setMetrics({ db }: Store, experiment: string): Omit<MetricRecord, 'level'>[] {
  const rows = db
    .prepare(`
      SELECT em.metric AS name, em.version, em.protocol FROM experiment_metrics em
      JOIN experiments e ON e.id = em.experiment_id WHERE e.id = (SELECT id FROM versions WHERE ref = ?) AND em.level = 'set' ORDER BY em.position`)
    .all(experiment) as { name: string; version: number; protocol: string }[];
  return rows.map((row) => ({
    ...row,
    protocol: storedJson(row.protocol, 'experiment_metrics.protocol', stored.protocol),
  }));
}

interface CellRow
  extends Record<
    | 'method'
    | 'setting'
    | 'task'
    | 'item'
    | 'cellKey'
    | 'status'
    | 'restored'
    | 'restoredSha'
    | 'truth'
    | 'truthSha',
    string
  > {
  seed: number;
}

/** A set that lacks a picture is another set: its number would stand beside whole ones. */
function completeConfigurations({ db }: Store, experiment: string): Configuration[] {
  const rows = db
    .prepare(`
      SELECT c.method_key AS method, c.setting_key AS setting, st.task, c.item, c.key AS cellKey, c.seed, c.status,
        r.path AS restored, r.sha256 AS restoredSha, t.path AS truth, t.sha256 AS truthSha
      FROM experiments e JOIN experiment_cells ec ON ec.experiment_id = e.id JOIN cells c ON c.key = ec.cell_key
      JOIN settings st ON st.key = c.setting_key
      LEFT JOIN artifacts r ON r.cell_key = c.key AND r.role = 'result' AND r.media <> 'array'
      LEFT JOIN artifacts t ON t.cell_key = c.key AND t.role = 'truth' AND t.media <> 'array'
      WHERE e.id = (SELECT id FROM versions WHERE ref = ?) ORDER BY ec.position`)
    .all(experiment) as CellRow[];
  const configurations = new Map<string, CellRow[]>();
  for (const row of rows) {
    const key = `${row.method} ${row.setting}`;
    const known = configurations.get(key);
    if (known) known.push(row);
    else configurations.set(key, [row]);
  }
  return [...configurations.values()]
    .filter((cells) => cells.every(({ status }) => status === 'done'))
    .map((cells) => ({
      method: cells[0]!.method,
      setting: cells[0]!.setting,
      task: cells[0]!.task,
      members: cells.map(({ cellKey, seed, item, restored, restoredSha, truth, truthSha }) => ({
        cellKey,
        seed,
        restored: { item, path: restored, sha256: restoredSha },
        truth: { item, path: truth, sha256: truthSha },
      })),
    }));
}

export function readSetScore({ db }: Store, key: string): SetScoreRecord | null {
  const row = db
    .prepare(`
      SELECT key, metric, version, protocol, value, standard_error AS standardError, replicates, warnings
      FROM set_scores WHERE key = ?`)
    .get(key) as
    | (Omit<SetScoreRecord, 'protocol' | 'replicates' | 'warnings'> &
        Record<'protocol' | 'replicates' | 'warnings', string>)
    | undefined;
  if (!row) return null;
  return {
    ...row,
    protocol: storedJson(row.protocol, 'set_scores.protocol', stored.protocol),
    replicates: storedJson(row.replicates, 'set_scores.replicates', stored.numbers),
    warnings: storedJson(row.warnings, 'set_scores.warnings', stored.texts),
  };
}
