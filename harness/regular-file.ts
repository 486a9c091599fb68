import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
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
