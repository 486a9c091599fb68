import { lstatSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { type SourceLocation, UserError } from './errors.ts';

/**
 * What is known of a regular file, links followed. Everything else is refused before it is opened: reading a FIFO or a
 * terminal waits for ever.
 * @throws UserError that says what lies there instead; the error of the operating system where it may not be looked at
 */
export function requireRegularFile(path: string, where?: SourceLocation): Stats {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return stats;
  throw new UserError(`${path}: expected a file, found ${stats ? kindOf(stats) : absence(path)}`, where);
}

/** No file can be there: a damaged database may hold any text for a path. */
const NOWHERE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE']);

/** The bytes of a regular file, links followed; null where there is none, or something else in its place. */
export function bytesOfFile(file: string): Buffer | null {
  try {
    return statSync(file).isFile() ? readFileSync(file) : null;
  } catch (error) {
    if (NOWHERE.has((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO (named pipe)';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}

function absence(path: string): string {
  const link = lstatSync(path, { throwIfNoEntry: false });
  return link?.isSymbolicLink() ? `a link to ${readlinkSync(path)}, which is not there` : 'nothing';
}
