import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { UserError } from '../errors.ts';
import { readRecord, recordFile } from '../store/record-file.ts';
import type { Artifact } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { StoredCopies } from './stored-copy.ts';
import { copyTrace } from './traces.ts';

/** Cells that are stored in one transaction, after their files. */
const AT_ONCE = 200;

/** A result that cannot be had: its files there are not what was stored. */
export interface LeftOut {
  readonly cell: string;
  readonly why: string;
}

interface Taking {
  readonly store: Store;
  /** The other folder. */
  readonly from: string;
  readonly copies: StoredCopies;
  /** Gets a line of each record that cannot be read, which is left where it is. */
  readonly unreadable: string[];
}

/** Keys of the cells that are solved in the attached database `other` and not here. */
export function resultsToTake({ db }: Store): string[] {
  return db
    .prepare(`
      SELECT key FROM other.cells o JOIN main.cells h USING (key)
      WHERE o.status = 'done' AND h.status <> 'done' ORDER BY key`)
    .pluck()
    .all() as string[];
}

/** Takes these results with their files, which come first: a row names no file that is not there. */
export function takeResults(
  taking: Taking,
  cells: readonly string[],
  onCell: (taken: number) => void,
): LeftOut[] {
  const leftOut: LeftOut[] = [];
  for (let i = 0; i < cells.length; i += AT_ONCE) {
    const whole: string[] = [];
    for (const [n, cell] of cells.slice(i, i + AT_ONCE).entries()) {
      try {
        copyFiles(taking, cell);
        whole.push(cell);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        leftOut.push({ cell, why: error.message });
      }
      onCell(i + n + 1);
    }
    enter(taking.store, whole);
  }
  return leftOut;
}

function copyFiles({ store, from, copies, unreadable }: Taking, cell: string): void {
  const artifacts = store.db
    .prepare('SELECT path, sha256 FROM other.artifacts WHERE cell_key = ?')
    .all(cell) as Artifact[];
  for (const artifact of artifacts) copies.artifact(artifact);
  copyRecord(recordFile(from, cell), { from, copies, unreadable });
  copyTrace(copies, from, cell);
}

function copyRecord(record: string, { from, copies, unreadable }: Omit<Taking, 'store'>): void {
  if (!existsSync(record)) return;
  try {
    readRecord(record);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    unreadable.push(error.message);
    return;
  }
  copies.plain(relative(from, record));
}

function enter({ db }: Store, cells: readonly string[]): void {
  const these = JSON.stringify(cells);
  const isOne = 'IN (SELECT value FROM json_each(:these))';
  const write = db.transaction(() => {
    for (const sql of [
      `INSERT INTO main.artifacts SELECT * FROM other.artifacts WHERE cell_key ${isOne}`,
      `INSERT INTO main.solutions (cell_key, run_id, seconds, steps, counters, device, batch, finished)
       SELECT s.cell_key, r.here, s.seconds, s.steps, s.counters, s.device, s.batch, s.finished
       FROM other.solutions s JOIN temp.merged_runs r ON r.there = s.run_id WHERE s.cell_key ${isOne}`,
      `INSERT INTO main.scores SELECT * FROM other.scores WHERE cell_key ${isOne}`,
      `UPDATE main.cells AS h SET status = 'done', failure = NULL, message = NULL, log_tail = NULL,
         attempts = h.attempts + o.attempts
       FROM other.cells o WHERE o.key = h.key AND h.key ${isOne}`,
    ])
      db.prepare(sql).run({ these });
  });
  write.immediate();
}

/**
 * Enters the failures of the attached database: of cells that are to do here.
 * @returns how many
 */
export function takeFailures({ db }: Store): number {
  const update = db.prepare(`
    UPDATE main.cells AS h SET status = 'failed', failure = o.failure, message = o.message, log_tail = o.log_tail,
      attempts = h.attempts + o.attempts
    FROM other.cells o WHERE o.key = h.key AND o.status = 'failed' AND h.status = 'todo'`);
  return db.transaction(() => update.run().changes).immediate();
}
