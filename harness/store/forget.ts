import { NOBODY } from './queries.ts';
import type { Store } from './store.ts';

/** What forgetting an experiment takes away. */
export interface Forgotten {
  /** Keys of cells that no other experiment has. */
  readonly cells: readonly string[];
  /** How many of its cells others have, which stay. */
  readonly shared: number;
}

/**
 * Cells that go with an experiment: those of its latest plan, and of earlier ones those that its runs have solved, unless
 * another experiment has them.
 */
export function cellsOfAlone({ db }: Store, experiment: string): Forgotten {
  const of = `SELECT ec.cell_key FROM experiment_cells ec JOIN experiments e ON e.id = ec.experiment_id`;
  const cells = db
    .prepare(`
      WITH its AS (${of} WHERE e.name = :experiment
        UNION SELECT s.cell_key FROM solutions s JOIN runs r ON r.id = s.run_id
          JOIN experiments e ON e.id = r.experiment_id WHERE e.name = :experiment)
      SELECT cell_key FROM its WHERE cell_key NOT IN (${of} WHERE e.name <> :experiment) ORDER BY 1`)
    .pluck()
    .all({ experiment }) as string[];
  const all = db
    .prepare(
      'SELECT count(*) FROM experiment_cells ec JOIN experiments e ON e.id = ec.experiment_id WHERE e.name = ?',
    )
    .pluck()
    .get(experiment) as number;
  const own = db
    .prepare(
      `SELECT count(*) FROM (${of} WHERE e.name = ?) WHERE cell_key IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .get(experiment, JSON.stringify(cells)) as number;
  return { cells, shared: all - own };
}

/**
 * Takes an experiment and those cells out of the database. Runs that have solved cells which stay are kept, as nobody's: they
 * say how those cells were solved, and are no other experiment's last run.
 */
export function forgetExperiment({ db }: Store, experiment: string, cells: readonly string[]): void {
  const these = JSON.stringify(cells);
  const remove = (table: string, column: string) =>
    db.prepare(`DELETE FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?))`).run(these);
  db.transaction(() => {
    const id = db.prepare('SELECT id FROM experiments WHERE name = ?').pluck().get(experiment) as number;
    for (const table of ['experiment_cells', 'experiment_metrics', 'experiment_skips'])
      db.prepare(`DELETE FROM ${table} WHERE experiment_id = ?`).run(id);
    for (const table of ['scores', 'artifacts', 'solutions']) remove(table, 'cell_key');
    remove('cells', 'key');
    const nobody = nobodysId(db);
    db.prepare('UPDATE runs SET experiment_id = ? WHERE experiment_id = ?').run(nobody, id);
    db.prepare('DELETE FROM runs WHERE experiment_id = ? AND id NOT IN (SELECT run_id FROM solutions)').run(
      nobody,
    );
    db.prepare('DELETE FROM experiments WHERE id = ?').run(id);
    db.exec(`
      DELETE FROM methods WHERE key NOT IN (SELECT method_key FROM cells UNION SELECT method_key FROM experiment_skips);
      DELETE FROM settings WHERE key NOT IN (SELECT setting_key FROM cells UNION SELECT setting_key FROM experiment_skips);
    `);
  }).immediate();
}

/** Of the experiment without a name, which has the runs of forgotten ones. */
function nobodysId(db: Store['db']): number {
  db.prepare(
    `INSERT OR IGNORE INTO experiments (name, config_file, config_text, config_sha, report) VALUES (?, '', '', '', '{}')`,
  ).run(NOBODY);
  return db.prepare('SELECT id FROM experiments WHERE name = ?').pluck().get(NOBODY) as number;
}
