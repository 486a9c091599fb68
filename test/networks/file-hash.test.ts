import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileSha256 } from '../../harness/networks/file-hash.ts';

let folder: string;
let path: string;
/** Just large enough to be remembered. */
const large = Buffer.alloc(1 << 24, 7);
const longAgo = new Date(2020, 0, 1);
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tweedie-hash-'));
  path = join(folder, 'x');
  vi.stubEnv('XDG_CACHE_HOME', folder);
  vi.setSystemTime(Date.now() + 3_600_000);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  rmSync(folder, { recursive: true });
});

function write(data: Buffer, time = longAgo): void {
  writeFileSync(path, data);
  utimesSync(path, time, time);
}

const memory = () => join(folder, 'tweedie', 'hashes');
const remembered = () => readdirSync(folder).includes('tweedie');

/** Replaces what was remembered, so that a remembered hash can be told from a computed one. */
function tamper(text: string): void {
  for (const name of readdirSync(memory())) writeFileSync(join(memory(), name), text);
}

describe('the hash of a file', () => {
  it('is its sha256', () => {
    write(Buffer.from('hello'));
    expect(fileSha256(path)).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
    expect(remembered()).toBe(false);
  });

  it('is remembered for a large file while that stays as it is', () => {
    write(large);
    expect(fileSha256(path)).toBe(sha256(large));
    const fake = 'f'.repeat(64);
    tamper(fake);
    expect(fileSha256(path)).toBe(fake);

    const changed = Buffer.from(large);
    changed[5] = 8;
    write(changed, new Date(2020, 0, 2));
    expect(fileSha256(path)).toBe(sha256(changed));
  });

  it('is computed anew for a file that was changed in place and given its old time', () => {
    write(large);
    fileSha256(path);
    const file = openSync(path, 'r+');
    writeSync(file, 'CHANGED', 1000);
    closeSync(file);
    utimesSync(path, longAgo, longAgo);
    expect(fileSha256(path)).toBe(sha256(readFileSync(path)));
    expect(fileSha256(path)).not.toBe(sha256(large));
  });

  it('is computed anew for another file under the same name, size and time', () => {
    write(large);
    fileSha256(path);
    renameSync(path, join(folder, 'old'));
    const other = Buffer.alloc(large.length, 9);
    write(other);
    expect(fileSha256(path)).toBe(sha256(other));
  });

  it('is not remembered for a file written this moment: it may change within its time stamp', () => {
    vi.useRealTimers();
    write(large);
    fileSha256(path);
    expect(remembered()).toBe(false);
  });

  it('is computed where what was remembered is damaged, or nothing can be remembered', () => {
    write(large);
    fileSha256(path);
    tamper('not a hash');
    expect(fileSha256(path)).toBe(sha256(large));
    vi.stubEnv('XDG_CACHE_HOME', path);
    expect(fileSha256(path)).toBe(sha256(large));
  });

  it('is refused for a folder and for nothing', () => {
    mkdirSync(join(folder, 'sub'));
    expect(() => fileSha256(join(folder, 'sub'))).toThrow('expected a file, found a folder');
    expect(() => fileSha256(join(folder, 'none'))).toThrow('expected a file, found nothing');
  });
});
