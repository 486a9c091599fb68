import { UserError } from '../errors.ts';
import { storeError } from '../store/store-error.ts';
import { fileError } from '../system-errors.ts';

/**
 * One line with file and remedy, where an error means that results cannot be kept (a full disk, a locked database). A run
 * then ends in order and the same command goes on later.
 * @throws the error itself where it means anything else
 */
export function troubleOf(error: unknown, resultsDir: string): string {
  const explained = storeError(error, resultsDir) ?? fileError(error) ?? error;
  if (explained instanceof UserError) return explained.message;
  throw error;
}
