import { join } from 'node:path';

/** The database of a results folder. */
export function databaseFile(dir: string): string {
  return join(dir, 'tweedie.sqlite');
}
