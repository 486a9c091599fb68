import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { identify } from '../processes.ts';

/**
 * Takes a lock by creating a file that names its holder, and returns what gives it back. One whose process is gone is
 * taken over. Throws UserError while another process holds it, or if its folder cannot be written.
 */
export function lockFile(path: string): () => void {
  const own = `${hostname()} ${process.pid}`;
  try {
    makeFolder(dirname(path));
  } catch (error) {
    throw cannotWrite(dirname(path), error);
  }
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(path, own, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotWrite(path, error);
      const holder = readFileSync(path, 'utf8');
      const [host, pid] = holder.split(' ');
      if (attempt > 0 || host !== hostname() || identify(Number(pid)) !== null)
        throw new UserError(
          `${path}: being fetched by process ${pid} of ${host}; remove this file if it is not`,
        );
      rmSync(path, { force: true });
    }
  }
}

/** The error for a file or folder that cannot be written. */
export function cannotWrite(path: string, error: unknown): UserError {
  return new UserError(`${path}: cannot be written (${(error as NodeJS.ErrnoException).code})`);
}
