import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

/**
 * Writes a file aside and renames it: a reader sees the old file or the new one, never half of one, and a full disk leaves
 * the old one as it was. Makes the folders above it.
 * @param options durable: the bytes are on the disk before the name is
 */
export function writeFileAside(
  file: string,
  content: string | Uint8Array,
  options: { durable?: boolean } = {},
): void {
  replaceFile(file, (temporary) => {
    const handle = openSync(temporary, 'w');
    try {
      writeFileSync(handle, content);
      if (options.durable) fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  });
}

/** As `writeFileAside`, for contents that are written by `write` to the name that it is given. */
export function replaceFile(file: string, write: (temporary: string) => void): void {
  makeFolder(dirname(file));
  const temporary = temporaryName(file);
  try {
    write(temporary);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw about(file, error);
  }
}

/** As `replaceFile`, where writing takes its time. */
export async function replaceFileBy(
  file: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  makeFolder(dirname(file));
  const temporary = temporaryName(file);
  try {
    await write(temporary);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw about(file, error);
  }
}

/** The error names the file that the caller knows, not the one aside; writing to an open file names none by itself. */
function about(file: string, error: unknown): unknown {
  const { path, syscall, code } = error as NodeJS.ErrnoException;
  const isOfWriting =
    (path === undefined && /^(write|writev|fsync|close)$/.test(syscall ?? '')) ||
    // Copying names the source first, which is not where the space was wanted.
    (syscall === 'copyfile' && /^(ENOSPC|EDQUOT)$/.test(code ?? ''));
  return isOfWriting || path === temporaryName(file) ? Object.assign(error as Error, { path: file }) : error;
}

/** Machines may share a folder, and processes of two have the same number. */
const MACHINE = hostname()
  .replaceAll(/[^A-Za-z0-9-]/g, '-')
  .slice(0, 32);

/** A name beside the file that says which process is writing it; two processes do not meet there. */
function temporaryName(file: string): string {
  return `${file}.${process.pid}@${MACHINE}.tmp`;
}

/** The number of the process of this machine that is writing, or has left, a file of such a name; null: it is none. */
export function writerOf(name: string): number | null {
  // Earlier versions named no machine.
  const [, pid, machine = MACHINE] = /\.(\d+)(?:@(.+))?\.tmp$/.exec(name) ?? [];
  return pid === undefined || machine !== MACHINE ? null : Number(pid);
}
