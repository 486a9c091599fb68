import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { requireRegularFile } from '../regular-file.ts';

/** The database of a results folder. */
export function databaseFile(dir: string): string {
  return join(dir, 'tweedie.sqlite');
}

/**
 * Whether a results folder, which may not be there yet, has a database.
 * @throws UserError where something else is in the place of either
 */
export function hasDatabase(dir: string): boolean {
  const stats = statSync(dir, { throwIfNoEntry: false });
  if (stats && !stats.isDirectory())
    throw new UserError(`${dir}: expected the folder of the results, found a file`);
  const file = databaseFile(dir);
  if (!lstatSync(file, { throwIfNoEntry: false })) return false;
  requireRegularFile(file);
  return true;
}
