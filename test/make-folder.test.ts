import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { makeFolder } from '../harness/make-folder.ts';
import { tweedie } from './cli/run-cli.ts';
import { temporaryFolder } from './store/example.ts';

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  return { ...fs, mkdirSync: vi.fn(fs.mkdirSync) };
});

describe('a folder is made', () => {
  it('with those above it, and once', () => {
    const folder = join(temporaryFolder(), 'a/b/c');
    makeFolder(folder);
    makeFolder(folder);
    expect(statSync(folder).isDirectory()).toBe(true);
  });

  it('below one that another process makes meanwhile', () => {
    const above = join(temporaryFolder(), 'a');
    vi.mocked(mkdirSync).mockImplementationOnce(() => {
      mkdirSync(above);
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    });
    makeFolder(join(above, 'b'));
    expect(statSync(join(above, 'b')).isDirectory()).toBe(true);
  });

  it('behind a link', () => {
    const place = temporaryFolder();
    mkdirSync(join(place, 'real'));
    symlinkSync(join(place, 'real'), join(place, 'link'));
    makeFolder(join(place, 'link/inner'));
    expect(existsSync(join(place, 'real/inner'))).toBe(true);
  });
});

describe('no folder is made', () => {
  it('in the place of a file, or below one', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => makeFolder(file)).toThrow('EEXIST');
    expect(() => makeFolder(join(file, 'a/b'))).toThrow('ENOTDIR');
  });

  it('through a link that leads nowhere', () => {
    const link = join(temporaryFolder(), 'link');
    symlinkSync(join(link, '../gone/deep'), link);
    expect(() => makeFolder(link)).toThrow('EEXIST');
  });

  it.runIf(existsSync('/proc/self'))('where none can be: that is said, not waited for', async () => {
    expect(() => makeFolder('/proc/tweedie/results')).toThrow(
      '/proc/tweedie: no folder can be made in /proc; name another folder',
    );
    const run = await tweedie('run', 'configs/demo.yaml', '--results', '/proc/tweedie');
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('no folder can be made in /proc') });
  });
});
