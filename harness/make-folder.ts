import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from './errors.ts';

/**
 * Makes a folder and those above it; one that is there stays as it is.
 * @throws UserError where the folder above is there and takes none (/proc), and what the file system answers
 */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  // Node's own recursive mkdir tries for ever where a folder that exists answers ENOENT.
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process was quicker.
    if (code === 'EEXIST' && isFolder(path)) return;
    if (code !== 'ENOENT') throw error;
    const above = dirname(path);
    if (isFolder(above))
      throw new UserError(`${path}: no folder can be made in ${above}; name another folder`);
    makeFolder(above);
    makeFolder(path);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
