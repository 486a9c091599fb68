import { chmodSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { neighbour } from '../neighbour.ts';
import { Connection } from '../store/connection.ts';
import { databaseFile, hasDatabase } from '../store/layout.ts';
import { openDatabase } from '../store/open.ts';
import { enterRecords, isSound } from '../store/rebuild.ts';
import { recordFiles, wholeRecords } from '../store/record-file.ts';
import { damaged, storeError } from '../store/store-error.ts';

/** Another results folder as it was at one moment. Nothing is written there: its database is a copy. */
export interface OtherResults {
  /** Absolute path of the folder. */
  readonly dir: string;
  /** The copy, of this program's schema. */
  readonly database: string;
  /** There was no database: this one was made of the folder's records. */
  readonly ofRecords: boolean;
  /** One line each: records that could not be read. */
  readonly unreadable: readonly string[];
  /** Removes the copy. */
  discard(): void;
}

/**
 * @throws UserError where there are no results, the database is damaged or a newer tweedie's
 */
export function openOther(folder: string): OtherResults {
  const dir = resolve(folder);
  if (!existsSync(dir))
    throw new UserError(
      `${dir}: no such folder of results${neighbour(dir, (other) => existsSync(databaseFile(other)))}`,
    );
  const place = mkdtempSync(join(tmpdir(), 'tweedie-merge-'));
  const discard = () => rmSync(place, { recursive: true, force: true });
  const database = join(place, 'tweedie.sqlite');
  try {
    const unreadable: string[] = [];
    const ofRecords = !hasDatabase(dir);
    if (ofRecords) makeOfRecords(dir, database, unreadable);
    else takeCopy(dir, database);
    return { dir, database, ofRecords, unreadable, discard };
  } catch (error) {
    discard();
    throw storeError(error, dir) ?? error;
  }
}

function makeOfRecords(dir: string, database: string, unreadable: string[]): void {
  if (recordFiles(dir).length === 0)
    throw new UserError(`no results in ${dir} (neither tweedie.sqlite nor records)`);
  const db = openDatabase(database);
  try {
    enterRecords({ db, dir }, wholeRecords(dir, unreadable));
  } finally {
    db.close();
  }
}

function takeCopy(dir: string, copy: string): void {
  const file = databaseFile(dir);
  if (!copiedAtRest(file, copy)) copyOfOneInUse(file, copy);
  if (!isSound(copy, file)) throw damaged(dir, 'it is not whole');
}

/** What SQLite keeps beside a database that is in use, or was when its process was killed. */
const BESIDE = ['-wal', '-journal'];

/** A database that nobody has open is one file. SQLite itself would leave files of its own beside it. */
function copiedAtRest(file: string, copy: string): boolean {
  const atRest = () => !BESIDE.some((suffix) => existsSync(file + suffix));
  const before = statSync(file);
  if (!atRest()) return false;
  copyPart(file, copy);
  const after = statSync(file);
  return atRest() && after.mtimeMs === before.mtimeMs && after.size === before.size;
}

/** Through SQLite, which sees one moment whatever a run writes; where it may not, by its files. */
function copyOfOneInUse(file: string, copy: string): void {
  rmSync(copy, { force: true });
  try {
    const db = new Connection(file, { readonly: true, timeout: 10_000 });
    try {
      db.prepare('VACUUM INTO ?').run(copy);
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    if (!/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR)/.test(error.code)) throw error;
    rmSync(copy, { force: true });
    for (const suffix of ['', ...BESIDE])
      if (existsSync(file + suffix)) copyPart(file + suffix, copy + suffix);
  }
}

function copyPart(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  chmodSync(to, 0o600);
}
