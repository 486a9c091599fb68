import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { storeError } from '../../harness/store/store-error.ts';

const DAMAGED =
  '; to make a new one of the stored files, with this one moved aside: tweedie rebuild EXPERIMENT.yaml --results r';

describe("SQLite's word about the database of a results folder is one line with the file and the remedy:", () => {
  it.each([
    [
      'SQLITE_CANTOPEN_ISDIR',
      'cannot be opened; check that its folder is there and that you may read and write it',
    ],
    [
      'SQLITE_READONLY_DIRECTORY',
      'may not be written: the file or its folder is read-only or belongs to someone else; give another --results DIR',
    ],
    [
      'SQLITE_FULL',
      'no space is left on its disk; free some and give the same command again: what is stored stays',
    ],
    [
      'SQLITE_BUSY_SNAPSHOT',
      'another process has kept it locked; wait for it or end it, and give the same command again: what is stored stays',
    ],
    [
      'SQLITE_IOERR_SHMSIZE',
      'its disk cannot be read or written (I/O error); check the disk, and whether it is full',
    ],
    ['SQLITE_CORRUPT_INDEX', `the database is damaged (said SQLite)${DAMAGED}`],
    ['SQLITE_NOTADB', `the database is damaged (said SQLite)${DAMAGED}`],
  ])('%s', (code, text) => {
    const error = storeError(new Database.SqliteError('said SQLite', code), 'r');
    expect(error).toBeInstanceOf(UserError);
    expect(error!.message).toBe(`r/tweedie.sqlite: ${text}`);
  });

  it('a table that is not there is damage too', () => {
    const error = storeError(new Database.SqliteError('no such table: cells', 'SQLITE_ERROR'), 'r');
    expect(error!.message).toBe(`r/tweedie.sqlite: the database is damaged (no such table: cells)${DAMAGED}`);
  });

  it('what is no error of SQLite, or a mistake of our own in SQL, is left alone', () => {
    expect(storeError(new Error('other'), 'r')).toBeUndefined();
    expect(storeError(new Database.SqliteError('near "SELEC"', 'SQLITE_ERROR'), 'r')).toBeUndefined();
  });
});
