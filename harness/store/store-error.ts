import Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { lockError } from './file-locks.ts';
import { databaseFile } from './layout.ts';

/** What SQLite's primary result codes mean for a person, and what to do about them. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  SQLITE_CANTOPEN: 'cannot be opened; check that its folder is there and that you may read and write it',
  SQLITE_PERM: 'may not be opened by you; check its owner and permissions',
  SQLITE_READONLY:
    'may not be written: the file or its folder is read-only or belongs to someone else; give another --results DIR',
  SQLITE_FULL:
    'no space is left on its disk; free some and give the same command again: what is stored stays',
  SQLITE_BUSY:
    'another process has kept it locked; wait for it or end it, and give the same command again: what is stored stays',
  SQLITE_LOCKED: 'is locked; give the same command again: what is stored stays',
  SQLITE_IOERR: 'its disk cannot be read or written (I/O error); check the disk, and whether it is full',
  SQLITE_PROTOCOL: 'cannot be locked here; put the results on a local disk',
};

/** Codes of a file whose content is no database of ours any more. */
const DAMAGED = ['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_FORMAT'];

/** SQLite's word about the database of a results folder as a person can use it: the file, what is wrong, the remedy. */
export function storeError(error: unknown, dir: string): UserError | undefined {
  if (!(error instanceof Database.SqliteError)) return undefined;
  const code = primaryCode(error.code);
  if (DAMAGED.includes(code) || /^(no such (table|column)|malformed JSON)/.test(error.message)) {
    return damaged(dir, error.message);
  }
  const noLocks = lockError(error.code, dir);
  if (noLocks) return noLocks;
  const explanation = EXPLANATIONS[code];
  return explanation === undefined ? undefined : new UserError(`${databaseFile(dir)}: ${explanation}`);
}

/** A database that is not as it was written. */
export function damaged(dir: string, what: string): UserError {
  return new UserError(
    `${databaseFile(dir)}: the database is damaged (${what}); to make a new one of the stored files, ` +
      `with this one moved aside: tweedie rebuild EXPERIMENT.yaml --results ${dir}`,
  );
}

/** `SQLITE_IOERR_WRITE` is a `SQLITE_IOERR`. */
export function primaryCode(code: string): string {
  return code.split('_', 2).join('_');
}
