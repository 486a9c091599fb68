import { openSync } from 'node:fs';
import { UserError } from '../errors.ts';

/** A file's descriptor. Throws UserError where it cannot be read. */
export function openForReading(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw new UserError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
