import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { fileSystemOf } from '../file-system.ts';
import { makeFolder } from '../make-folder.ts';
import { Connection } from './connection.ts';
import { migrations } from './migrations.ts';

/** Long enough for another process's transaction, which holds a few rows. */
const BUSY_TIMEOUT_MS = 10_000;
/** Kibibytes of the file that are kept in memory: keys are hashes, so a query of an experiment reads pages from everywhere. */
const CACHE_KIB = 128 * 1024;
const MODE_WAIT_MS = 100;
const MODE_ATTEMPTS = 20;

/**
 * Opens a database file, creating or migrating it as needed. Write with `immediate`: a deferred transaction that turns
 * into a write fails at once when another process has written, whatever the timeout.
 * @param name what errors call the file
 * @throws UserError where write-ahead logging should work and does not, the file is newer than this program or another program's
 */
export function openDatabase(path: string, name = path): Database.Database {
  makeFolder(dirname(path));
  const { isShared } = fileSystemOf(dirname(path));
  const db = new Connection(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    if (isShared) useRollbackJournal(db);
    else useWriteAheadLog(db, name);
    // A row is on the disk when its transaction ends: rows are few and each may have cost minutes. Without write-ahead
    // logging a transaction has ended when the name of its journal is gone from the disk, which only EXTRA waits for.
    db.pragma(`synchronous = ${isShared ? 'EXTRA' : 'FULL'}`);
    db.pragma(`cache_size = -${CACHE_KIB}`);
    // A table is replaced by dropping the old one, to which others refer.
    db.pragma('foreign_keys = OFF');
    migrate(db, name);
    db.pragma('foreign_keys = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function useWriteAheadLog(db: Database.Database, name: string): void {
  const mode = useJournal(db, 'wal');
  if (mode === 'wal') return;
  throw new UserError(
    `${name}: SQLite cannot use write-ahead logging here (journal mode is '${mode}'); put the results on a local disk`,
  );
}

/** Write-ahead logging asks for memory that all processes share: those of several machines have none. */
function useRollbackJournal(db: Database.Database): void {
  // A connection that keeps its lock reads even a write-ahead log, of a database that was on a local disk, without it.
  db.pragma('locking_mode = EXCLUSIVE');
  useJournal(db, 'delete');
  db.pragma('locking_mode = NORMAL');
  // The next access gives the lock back.
  db.pragma('user_version');
}

/** A new file's mode is changed under a lock that SQLite does not wait for: another run may be making the same file. */
function useJournal(db: Database.Database, mode: 'wal' | 'delete'): unknown {
  for (let attempt = 1; ; attempt++) {
    try {
      return db.pragma(`journal_mode = ${mode}`, { simple: true });
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || attempt === MODE_ATTEMPTS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MODE_WAIT_MS);
    }
  }
}

function migrate(db: Database.Database, name: string): void {
  const version = () => db.pragma('user_version', { simple: true }) as number;
  if (version() === migrations.length) return;
  db.transaction(() => {
    // Read again under the write lock: two processes may have opened an old file together.
    const from = version();
    if (from > migrations.length) {
      throw new UserError(
        `${name}: written by a newer tweedie (schema ${from}, this one knows ${migrations.length}); update tweedie`,
      );
    }
    if (from === 0 && db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() !== 0) {
      throw new UserError(`${name}: a SQLite database of another program; give another --results DIR`);
    }
    for (const part of migrations.slice(from).flat()) {
      if (typeof part === 'string') db.exec(part);
      else part(db);
    }
    db.pragma(`user_version = ${migrations.length}`);
  }).immediate();
}
