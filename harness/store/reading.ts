import { chmodSync, copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import Database from 'better-sqlite3';
import { Connection } from './connection.ts';
import { openDatabase } from './open.ts';
import { primaryCode } from './store-error.ts';

/** What SQLite answers where it may not write beside the database, which even reading a write-ahead log asks for. */
const MAY_NOT_WRITE = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_FULL', 'SQLITE_IOERR'];

/** Opens a database that is only to be read: itself or, on a read-only or full disk or as a guest, a copy in memory. */
export function openForReading(file: string): Database.Database {
  try {
    return openDatabase(file);
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    if (!MAY_NOT_WRITE.includes(primaryCode(error.code))) throw error;
    return openCopy(file);
  }
}

/** What stands in the write-ahead log is part of the copy. */
function openCopy(file: string): Database.Database {
  const folder = mkdtempSync(join(tmpdir(), 'tweedie-copy-'));
  try {
    const copy = join(folder, basename(file));
    for (const suffix of ['', '-wal']) {
      if (suffix !== '' && !existsSync(file + suffix)) continue;
      copyFileSync(file + suffix, copy + suffix);
      chmodSync(copy + suffix, 0o600);
    }
    const db = openDatabase(copy, file);
    try {
      // A database in memory has no write-ahead log.
      db.pragma('journal_mode = DELETE');
      return new Connection(db.serialize());
    } finally {
      db.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
