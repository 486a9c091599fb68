import { isAbsolute, relative } from 'node:path';
import { fileError } from '../system-errors.ts';

/** What happens to a disk, whoever writes to it. */
const OF_THE_DISK = ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'];

/**
 * One line where an error says that results cannot be kept: the batch is not at fault, and the next one would fare no
 * better. undefined for any other error.
 */
export function diskTrouble(error: unknown, resultsDir: string): string | undefined {
  const explained = fileError(error);
  if (!explained) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  if (path === undefined) {
    if (!OF_THE_DISK.includes(code)) return undefined;
    // Writing to an open file tells no path.
    return fileError(Object.assign(new Error(), { code, path: resultsDir }))!.message;
  }
  return OF_THE_DISK.includes(code) || isBelow(resultsDir, path) ? explained.message : undefined;
}

function isBelow(dir: string, path: string): boolean {
  const way = relative(dir, path);
  return !way.startsWith('..') && !isAbsolute(way);
}
