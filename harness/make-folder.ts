import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from './errors.ts';

/**
 * Makes a folder and those above it; one that is there stays as it is.
 * @throws UserError where the folder above is there and takes none (/proc), and what the file system answers
 */
export function makeFolder(path: string): void {
  if (isFolder(path) || couldMake(path)) return;
  const above = dirname(path);
  makeFolder(above);
  // Node's own recursive mkdir tries for ever where a folder that exists answers ENOENT.
  if (!couldMake(path))
    throw new UserError(`${path}: no folder can be made in ${above}; name another folder`);
}

/** Makes a folder, or finds that another process was quicker; false: the folder above it answers that it is not there. */
function couldMake(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && isFolder(path)) return true;
    if (code === 'ENOENT') return false;
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
