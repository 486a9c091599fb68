import { rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { fileSystemOf } from '../file-system.ts';
import { Connection } from './connection.ts';

/** What SQLite answers where locks are no part of the file system (ENOSYS, EINVAL); a lock service that is down is "busy". */
const NO_LOCK = /^SQLITE_IOERR_(LOCK|RDLOCK|UNLOCK|CHECKRESERVEDLOCK)$/;

/**
 * What to say where file locks do not work in a folder; undefined: they do, or it was another error.
 * @param code of SQLite's error
 */
export function lockError(code: string, folder: string): UserError | undefined {
  const { name, isShared } = fileSystemOf(folder);
  if (!NO_LOCK.test(code) && !(code === 'SQLITE_BUSY' && isShared && !locksWork(folder))) return undefined;
  return new UserError(
    `${folder}: file locks do not work on this file system (${name}); put the results on a local disk and take them over ` +
      'afterwards (tweedie merge), or have it mounted with locks',
  );
}

/** Whether a file can be locked that nobody else knows. */
function locksWork(folder: string): boolean {
  const file = join(folder, `lock-test-${process.pid}@${hostname()}`);
  const db = new Connection(file, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
    return true;
  } catch {
    return false;
  } finally {
    db.close();
    rmSync(file, { force: true });
  }
}
