import { NOBODY } from './queries.ts';
import type { Store } from './store.ts';

/** What forgetting an experiment, or a version of it, takes away. */
export interface Forgotten {
  /** Ids of the versions that go. */
  readonly versions: readonly number[];
  /** Keys of cells that nothing else has. */
  readonly cells: readonly string[];
  /** How many of its cells others have, which stay. */
  readonly shared: number;
}

/**
 * What goes with an experiment and all its versions or, where `ref` is NAME@VERSION, with that version: the cells of its
 * plans and those that its runs have solved, unless another experiment or version has them.
 */
export function whatGoesWith({ db }: Store, ref: string): Forgotten {
  const versions = db
    .prepare("SELECT id FROM experiments WHERE name = :ref OR name || '@' || version = :ref")
    .pluck()
    .all({ ref }) as number[];
  const ids = JSON.stringify(versions);
  const going = 'experiment_id IN (SELECT value FROM json_each(:ids))';
  const planned = `SELECT cell_key FROM experiment_cells WHERE ${going}`;
  const others = `SELECT cell_key FROM experiment_cells WHERE NOT ${going}`;
  const cells = db
    .prepare(`
      WITH its AS (${planned} UNION SELECT s.cell_key FROM solutions s JOIN runs r ON r.id = s.run_id WHERE r.${going})
      SELECT cell_key FROM its WHERE cell_key NOT IN (${others}) ORDER BY 1`)
    .pluck()
    .all({ ids }) as string[];
  const shared = db
    .prepare(`SELECT count(*) FROM (${planned} INTERSECT ${others})`)
    .pluck()
    .get({ ids }) as number;
  return { versions, cells, shared };
}

/**
 * Takes that out of the database. Runs that have solved cells which stay are kept, as nobody's: they say how those cells were
 * solved, and are no other experiment's last run.
 */
export function forget({ db }: Store, { versions, cells }: Forgotten): void {
  const remove = (table: string, column: string, values: readonly (string | number)[]) =>
    db
      .prepare(`DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`)
      .run(JSON.stringify(values));
  db.transaction(() => {
    for (const table of ['experiment_cells', 'experiment_metrics', 'experiment_skips'])
      remove(table, 'experiment_id', versions);
    for (const table of ['scores', 'artifacts', 'solutions']) remove(table, 'cell_key', cells);
    remove('cells', 'key', cells);
    const nobody = nobodysId(db);
    db.prepare(
      'UPDATE runs SET experiment_id = ? WHERE experiment_id IN (SELECT value FROM json_each(?))',
    ).run(nobody, JSON.stringify(versions));
    db.prepare('DELETE FROM runs WHERE experiment_id = ? AND id NOT IN (SELECT run_id FROM solutions)').run(
      nobody,
    );
    remove('experiments', 'id', versions);
    db.exec(`
      DELETE FROM methods WHERE key NOT IN (SELECT method_key FROM cells UNION SELECT method_key FROM experiment_skips);
      DELETE FROM settings WHERE key NOT IN (SELECT setting_key FROM cells UNION SELECT setting_key FROM experiment_skips);
    `);
  }).immediate();
}

/** Of the experiment without a name, which has the runs of forgotten ones. */
export function nobodysId(db: Store['db']): number {
  db.prepare(
    `INSERT OR IGNORE INTO experiments (name, version, turn, config_file, config_text, config_sha, report)
     VALUES (?, 1, 0, '', '', '', '{}')`,
  ).run(NOBODY);
  return db.prepare('SELECT id FROM experiments WHERE name = ?').pluck().get(NOBODY) as number;
}
