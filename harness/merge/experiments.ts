import type Database from 'better-sqlite3';
import { nobodysId } from '../store/forget.ts';
import { NOBODY } from '../store/queries.ts';
import { planOf, roomFor, versionWith } from '../store/register.ts';
import type { Store } from '../store/store.ts';

/** What became of a version of an experiment there. */
export interface MergedVersion {
  /** NAME@VERSION there, and here. */
  readonly there: string;
  readonly here: string;
  /** Its plan was not known here. */
  readonly isNew: boolean;
}

interface OtherVersion extends Record<'name' | 'report', string> {
  readonly id: number;
  readonly version: number;
  /** Its plan was lost with a database. */
  readonly isEmpty: number;
}

/**
 * Enters the experiments of the attached database `other`, their cells (to do) and runs: a plan that is known here is the
 * version that it is here, every other one a further version. Where the name is known here it goes on to mean what it
 * means here. All or nothing: what a name means would else depend on where a merge was killed.
 */
export function enterExperiments(store: Store): MergedVersion[] {
  const { db } = store;
  return db
    .transaction(() => {
      db.exec(`
        INSERT INTO main.methods SELECT * FROM other.methods WHERE true ON CONFLICT (key) DO NOTHING;
        INSERT INTO main.settings SELECT * FROM other.settings WHERE true ON CONFLICT (key) DO NOTHING;
        INSERT INTO main.cells (key, method_key, setting_key, item, item_sha, seed, precision, rng)
          SELECT key, method_key, setting_key, item, item_sha, seed, precision, rng FROM other.cells WHERE true
          ON CONFLICT (key) DO NOTHING;
      `);
      const ids = new Map<number, number>();
      const merged = enterVersions(store, ids);
      enterRuns(store, ids);
      return merged;
    })
    .immediate();
}

const IS_EMPTY = `
  config_text = '' AND NOT EXISTS (SELECT 1 FROM SCHEMA.experiment_cells WHERE experiment_id = e.id)`;

function enterVersions(store: Store, ids: Map<number, number>): MergedVersion[] {
  const { db } = store;
  const versions = db
    .prepare(`
      SELECT id, name, version, report, ${IS_EMPTY.replace('SCHEMA', 'other')} AS isEmpty
      FROM other.experiments e WHERE name <> ? ORDER BY name, version`)
    .all(NOBODY) as OtherVersion[];
  const known = new Set(
    db
      .prepare(
        `SELECT DISTINCT name FROM main.experiments e WHERE NOT (${IS_EMPTY.replace('SCHEMA', 'main')})`,
      )
      .pluck()
      .all() as string[],
  );
  const last = db.prepare(
    'SELECT e.id, e.version FROM main.versions v JOIN main.experiments e ON e.id = v.id WHERE v.ref = ?',
  );
  return versions.flatMap((there) => {
    const { name } = there;
    const lost = there.isEmpty === 1;
    const same = lost
      ? (last.get(name) as { id: number; version: number } | undefined)
      : versionWith(db, name, there.report, planOf(db, 'other', there.id));
    const here = same ?? roomFor(store, { name });
    if (!same && !lost) fill(db, there.id, here.id, known.has(name));
    ids.set(there.id, here.id);
    if (lost) return [];
    return [
      { there: `${name}@${there.version}`, here: `${name}@${here.version}`, isNew: same === undefined },
    ];
  });
}

function fill(db: Database.Database, there: number, here: number, isKnown: boolean): void {
  db.prepare(`
    UPDATE main.experiments AS h SET config_file = o.config_file, config_text = o.config_text, config_sha = o.config_sha,
      config_values = o.config_values, report = o.report,
      turn = CASE WHEN :isKnown THEN h.turn ELSE o.turn END
    FROM other.experiments o WHERE o.id = :there AND h.id = :here`).run({
    isKnown: isKnown ? 1 : 0,
    there,
    here,
  });
  for (const [table, columns] of [
    ['experiment_cells', 'position, cell_key'],
    ['experiment_metrics', 'position, metric, version, protocol, level'],
    ['experiment_skips', 'position, method_key, setting_key, reason'],
  ])
    db.prepare(`
      INSERT INTO main.${table} (experiment_id, ${columns})
      SELECT :here, ${columns} FROM other.${table} WHERE experiment_id = :there`).run({ there, here });
}

/** A run is one wherever it is told of: by its start, machine, devices, versions and command line. */
const SAME_RUN = `
  h.started = o.started AND h.host = o.host AND h.devices = o.devices AND h.versions = o.versions AND h.argv = o.argv
  AND h.git_commit IS o.git_commit AND h.git_diff_sha IS o.git_diff_sha`;

/** Leaves in the temporary table `merged_runs` which run here each run there is. */
function enterRuns(store: Store, ids: ReadonlyMap<number, number>): void {
  const { db } = store;
  db.exec(`
    DROP TABLE IF EXISTS temp.merged_runs;
    CREATE TEMP TABLE merged_runs (there INTEGER PRIMARY KEY, here INTEGER NOT NULL);`);
  const runs = db
    .prepare(`
      SELECT o.id, o.experiment_id AS experiment, min(h.id) AS known
      FROM other.runs o LEFT JOIN main.runs h ON ${SAME_RUN} GROUP BY o.id ORDER BY o.id`)
    .all() as { id: number; experiment: number; known: number | null }[];
  const insert = db.prepare(`
    INSERT INTO main.runs (experiment_id, started, ended, outcome, git_commit, git_dirty, git_diff_sha, versions, host,
      devices, argv, estimated_seconds)
    SELECT ?, started, ended, outcome, git_commit, git_dirty, git_diff_sha, versions, host, devices, argv, estimated_seconds
    FROM other.runs WHERE id = ?`);
  // It was merged while it was at work.
  const end = db.prepare(`
    UPDATE main.runs AS h SET ended = o.ended, outcome = o.outcome
    FROM other.runs o WHERE o.id = ? AND h.id = ? AND h.outcome IS NULL`);
  const note = db.prepare('INSERT INTO temp.merged_runs VALUES (?, ?)');
  for (const { id, experiment, known } of runs) {
    if (known !== null) end.run(id, known);
    const here = known ?? insert.run(ids.get(experiment) ?? nobodysId(db), id).lastInsertRowid;
    note.run(id, here);
  }
}
