import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import { sha256 } from '../identity/canonical.ts';
import { bytesOfFile } from '../regular-file.ts';

/** Before the name of an array beside a result: what that is compared with. */
export const TRUTH = 'truth.';

/**
 * The bytes of a file of the results folder, checked.
 * @param path relative to the folder
 * @param digest sha256 of what was stored, by default the file's name (as for pictures); null: not known
 * @throws UserError where the file is missing or damaged
 */
export function readStored(
  dir: string,
  path: string,
  digest: string | null = basename(path, '.png'),
): Buffer {
  const bytes = bytesOfFile(join(dir, path));
  if (!bytes) throw new UserError(`${path}: missing in ${dir}; tweedie run makes it again`);
  if (digest !== null && sha256(bytes) !== digest) {
    throw new UserError(`${path}: damaged in ${dir} (its sha256 is another); tweedie run makes it again`);
  }
  return bytes;
}
