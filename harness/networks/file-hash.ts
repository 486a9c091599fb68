import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { recallHash, rememberHash } from './hash-memory.ts';

const CHUNK_BYTES = 1 << 24;

/**
 * sha256 of a file in hexadecimal, read in pieces; a large file that has not changed since is not read again. Throws
 * UserError for a file that cannot be read.
 */
export function fileSha256(path: string): string {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch (error) {
    throw new UserError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const before = fstatSync(fd, { bigint: true });
    if (before.isDirectory()) throw new UserError(`${path}: is a folder, not a file`);
    return recallHash(path, before) ?? readAndRemember(path, fd, before);
  } finally {
    closeSync(fd);
  }
}

function readAndRemember(path: string, fd: number, before: BigIntStats): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let got = readSync(fd, chunk); got > 0; got = readSync(fd, chunk)) hash.update(chunk.subarray(0, got));
  const digest = hash.digest('hex');
  rememberHash(path, before, fstatSync(fd, { bigint: true }), digest);
  return digest;
}
