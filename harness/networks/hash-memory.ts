/**
 * Hashes of large files, remembered by path, size, inode and both times of change, so that gigabytes are read once: the
 * time of modification can be put back, that of the inode's change cannot. One small file an entry: processes need no
 * lock, and losing the folder costs time only.
 */
import { createHash } from 'node:crypto';
import { type BigIntStats, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../cache-folder.ts';
import { writeFileAside } from '../write-file.ts';

/** Smaller files are hashed faster than they are looked up with any gain. */
const WORTH_REMEMBERING = 1n << 24n;
/** A file written this recently may change again within the resolution of its time stamp. */
const SETTLED_NS = 2_000_000_000n;

/** The hash that was remembered for the file as it is now, if any. */
export function recallHash(path: string, stats: BigIntStats): string | undefined {
  if (stats.size < WORTH_REMEMBERING) return undefined;
  try {
    const digest = readFileSync(entryFile(path, stats), 'utf8');
    return /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a hash unless the file changed while it was read, or may have. A folder that cannot be written is no mistake. */
export function rememberHash(path: string, before: BigIntStats, after: BigIntStats, digest: string): void {
  const unchanged =
    before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs && before.size === after.size;
  const changed = after.ctimeNs > after.mtimeNs ? after.ctimeNs : after.mtimeNs;
  const settled = BigInt(Date.now()) * 1_000_000n - changed > SETTLED_NS;
  if (!unchanged || !settled || after.size < WORTH_REMEMBERING) return;
  try {
    writeFileAside(entryFile(path, after), digest);
  } catch {
    // A read-only home: the next process reads the file again.
  }
}

function entryFile(path: string, { size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): string {
  const key = JSON.stringify([resolve(path), ...[size, mtimeNs, ctimeNs, ino, dev].map(String)]);
  return join(cacheFolder(), 'hashes', createHash('sha256').update(key).digest('hex'));
}
