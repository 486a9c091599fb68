import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { requireRegularFile } from '../regular-file.ts';
import { Connection } from '../store/connection.ts';
import { lockError } from '../store/file-locks.ts';

/** A lock that the system gives back however the process ends. */
export interface FileLock {
  release(): void;
}

/** `alone`: nobody else has it; `shared`: nobody has it alone. */
export type Hold = 'alone' | 'shared';

/**
 * Takes SQLite's lock on a file, which is made; null where another process has it.
 * @throws UserError where something else is in its place
 */
export function takeLock(file: string, hold: Hold): FileLock | null {
  makeFolder(dirname(file));
  if (lstatSync(file, { throwIfNoEntry: false })) requireRegularFile(file);
  const db = new Connection(file, { timeout: 0 });
  try {
    begin(db, hold);
  } catch (error) {
    db.close();
    const { code } = error as { code?: string };
    if (code === 'SQLITE_NOTADB')
      throw new UserError(`${file}: expected the lock of a run, found a file of another kind`);
    const noLocks = code && lockError(code, dirname(file));
    if (noLocks) throw noLocks;
    if (code !== 'SQLITE_BUSY') throw error;
    return null;
  }
  return { release: () => void db.close() };
}

function begin(db: Database.Database, hold: Hold): void {
  if (hold === 'alone') {
    db.exec('BEGIN EXCLUSIVE');
    return;
  }
  db.exec('BEGIN');
  // A transaction that reads holds a shared lock to its end.
  db.prepare('SELECT count(*) FROM sqlite_schema').get();
}
