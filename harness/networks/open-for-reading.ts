import { openSync, readSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { requireRegularFile } from '../regular-file.ts';
import { fileError } from '../system-errors.ts';

/** Well below the 2 GiB that one read can take. */
const CHUNK_BYTES = 1 << 24;

/** A regular file's descriptor. Throws UserError where it cannot be read, and for a folder, a FIFO or a broken link. */
export function openForReading(path: string): number {
  try {
    requireRegularFile(path);
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw fileError(error) ?? new UserError(`${path}: cannot be read (${code})`);
  }
}

/** So many bytes of an open file. Throws UserError where it ends before. */
export function readAt(path: string, fd: number, position: number, length: number): ArrayBuffer {
  const bytes = Buffer.from(new ArrayBuffer(length));
  let done = 0;
  while (done < length) {
    const got = readSync(fd, bytes, done, Math.min(CHUNK_BYTES, length - done), position + done);
    if (got === 0) throw new UserError(`${path}: ended at byte ${position + done} while it was read`);
    done += got;
  }
  return bytes.buffer as ArrayBuffer;
}
