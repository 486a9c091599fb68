import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { canonicalJson, sha256 } from '../identity/canonical.ts';
import { databaseFile, hasDatabase } from './layout.ts';
import { openDatabase } from './open.ts';
import { type CellFile, cellOf } from './record-file.ts';
import type { Store } from './store.ts';
import { endRun, enterCell, saveSolution, startRun } from './writes.ts';

/** A database that is being filled. */
export interface Rebuilding {
  readonly store: Store;
  /** False: the folder's own database is sound, and is given what it lacks. */
  readonly isNew: boolean;
  /** Puts it in its place; gives the path that the damaged one has got, null where there was none or it was sound. */
  finish(): string | null;
  /** Leaves everything as it was. */
  discard(): void;
}

/** The folder's own database where that is sound, else a new one beside it. */
export function startRebuilding(dir: string): Rebuilding {
  const file = databaseFile(dir);
  if (hasDatabase(dir) && isSound(file)) {
    const store = { db: openDatabase(file), dir };
    const close = () => store.db.close();
    return {
      store,
      isNew: false,
      discard: close,
      finish() {
        close();
        return null;
      },
    };
  }
  const aside = join(dir, 'tweedie-rebuilding.sqlite');
  // What a rebuild that was killed has left.
  remove(aside);
  const store = { db: openDatabase(aside), dir };
  return {
    store,
    isNew: true,
    discard() {
      store.db.close();
      remove(aside);
    },
    finish() {
      // The last connection that closes leaves one file.
      store.db.close();
      const damaged = hasDatabase(dir) ? moveAway(dir) : null;
      renameSync(aside, file);
      return damaged;
    },
  };
}

/**
 * Enters what records say, with their runs; a cell that is solved already keeps what it has.
 * @returns how many cells were new
 */
export function enterRecords(store: Store, records: Iterable<CellFile>): number {
  const runs = new Map<string, { id: number; ended: string }>();
  const isDone = store.db.prepare(`SELECT 1 FROM cells WHERE key = ? AND status = 'done'`);
  let entered = 0;
  store.db
    .transaction(() => {
      for (const record of records) {
        if (isDone.get(record.solution.cellKey)) continue;
        const identity = canonicalJson([record.experiment, record.run]);
        const run = runs.get(identity) ?? { id: startRunOf(store, record), ended: '' };
        runs.set(identity, run);
        enterCell(store, cellOf(record));
        saveSolution(store, run.id, record.solution, record.finished);
        if (record.finished > run.ended) run.ended = record.finished;
        entered++;
      }
      for (const { id, ended } of runs.values()) endRun(store, id, 'finished', ended);
    })
    .immediate();
  return entered;
}

function startRunOf(store: Store, { experiment: { name, configFile }, run }: CellFile): number {
  // Its plan is known again once its file is given.
  store.db
    .prepare(`
      INSERT INTO experiments (name, version, turn, config_file, config_text, config_sha, report)
      SELECT :name, 1, 1, :configFile, '', :digest, :report
      WHERE NOT EXISTS (SELECT 1 FROM experiments WHERE name = :name)`)
    .run({
      name,
      configFile,
      digest: sha256(''),
      report: canonicalJson({ baseline: null, charts: [] }),
    });
  return startRun(store, name, run);
}

/** How many rows hold something else than JSON where JSON is expected. */
const BROKEN_JSON = `
  SELECT (SELECT count(*) FROM experiments WHERE NOT (json_valid(report) AND json_valid(coalesce(config_values, '{}'))))
    + (SELECT count(*) FROM runs WHERE NOT (json_valid(versions) AND json_valid(devices) AND json_valid(argv)))
    + (SELECT count(*) FROM methods WHERE NOT (json_valid(params) AND json_valid(coalesce(prior_params, '{}'))))
    + (SELECT count(*) FROM settings WHERE NOT (json_valid(params) AND json_valid(image_shape)))
    + (SELECT count(*) FROM solutions WHERE NOT (json_valid(counters) AND json_valid(batch)))
    + (SELECT count(*) FROM scores WHERE NOT json_valid(protocol))
    + (SELECT count(*) FROM set_scores
       WHERE NOT (json_valid(protocol) AND json_valid(replicates) AND json_valid(warnings)))`;

/**
 * Whether a database, which is migrated, holds what a results folder's does.
 * @param name what errors call the file
 */
export function isSound(file: string, name = file): boolean {
  // SQLite takes an empty file for a new database.
  if (statSync(file).size === 0) return false;
  try {
    const db = openDatabase(file, name);
    try {
      const answers = db.pragma('integrity_check') as { integrity_check: string }[];
      const isWhole = answers.length === 1 && answers[0]!.integrity_check === 'ok';
      return isWhole && db.prepare(BROKEN_JSON).pluck().get() === 0;
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    if (['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_ERROR'].some((code) => error.code.startsWith(code)))
      return false;
    throw error;
  }
}

/** The parts of a database that may lie beside it. */
const PARTS = ['', '-wal', '-shm'];

function moveAway(dir: string): string {
  const date = new Date().toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
  const damaged = join(dir, `tweedie-damaged-${date}.sqlite`);
  const file = databaseFile(dir);
  // The database goes last: until then the folder is a damaged one, and the next rebuild begins anew.
  for (const part of [...PARTS].reverse())
    if (existsSync(file + part)) renameSync(file + part, damaged + part);
  return damaged;
}

function remove(file: string): void {
  for (const part of PARTS) rmSync(file + part, { force: true });
}
