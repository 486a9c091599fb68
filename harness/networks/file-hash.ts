import { createHash } from 'node:crypto';
import { type BigIntStats, closeSync, fstatSync, readSync } from 'node:fs';
import { relative } from 'node:path';
import { recallHash, rememberHash } from './hash-memory.ts';
import { openForReading } from './open-for-reading.ts';

const CHUNK_BYTES = 1 << 24;

/**
 * sha256 of a file in hexadecimal, read in pieces; a large file that has not changed since is not read again. Throws
 * UserError for a file that cannot be read.
 */
export function fileSha256(path: string): string {
  const fd = openForReading(path);
  try {
    const before = fstatSync(fd, { bigint: true });
    return recallHash(path, before) ?? readAndRemember(path, fd, before);
  } finally {
    closeSync(fd);
  }
}

/** One sha256 over the names, relative to the folder, and the contents of files. Throws UserError as `fileSha256`. */
export function filesSha256(folder: string, paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${relative(folder, path)} ${fileSha256(path)}\n`);
  return hash.digest('hex');
}

function readAndRemember(path: string, fd: number, before: BigIntStats): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let got = readSync(fd, chunk); got > 0; got = readSync(fd, chunk)) hash.update(chunk.subarray(0, got));
  const digest = hash.digest('hex');
  rememberHash(path, before, fstatSync(fd, { bigint: true }), digest);
  return digest;
}
