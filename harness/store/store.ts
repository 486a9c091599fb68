import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type Database from 'better-sqlite3';
import { UserError } from '../errors.ts';
import { databaseFile, hasDatabase } from './layout.ts';
import { openDatabase } from './open.ts';
import { openForReading } from './reading.ts';
import { recordFiles } from './record-file.ts';
import { damaged, storeError } from './store-error.ts';

/**
 * A results folder: `tweedie.sqlite`, and `images/` and `tensors/` with files named by the hash of their content.
 * Only main processes of runs open it; workers write files and send rows.
 */
export interface Store {
  readonly db: Database.Database;
  /** Absolute path of the folder. */
  readonly dir: string;
}

/**
 * Opens a results folder: to be written, or where `create` is false to be read only.
 * @throws UserError where there are no results to read, or what lies there cannot be used
 */
export function openStore(resultsDir: string, { create }: { create: boolean }): Store {
  const dir = resolve(resultsDir);
  const file = databaseFile(dir);
  const isThere = hasDatabase(dir);
  if (!isThere || statSync(file).size === 0) refuseLostDatabase(dir);
  if (!isThere && !create) {
    throw new UserError(
      `no results in ${dir} (tweedie.sqlite is missing); run an experiment first, or give --results DIR`,
    );
  }
  try {
    return { db: create ? openDatabase(file) : openForReading(file), dir };
  } catch (error) {
    throw storeError(error, dir) ?? error;
  }
}

/** Records of solved cells without a database that knows them: a run would solve them all again. */
function refuseLostDatabase(dir: string): void {
  const lost = recordFiles(dir).length;
  if (lost > 0) throw damaged(dir, `it is gone, the records of ${lost} solved cells are there`);
}

export function closeStore({ db }: Store): void {
  db.close();
}
