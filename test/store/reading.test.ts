import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrations } from '../../harness/store/migrations.ts';
import { experimentNames } from '../../harness/store/queries.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { closeStore, openStore } from '../../harness/store/store.ts';
import { exampleExperiment, temporaryFolder, temporaryStore } from './example.ts';

/** A results folder whose experiment stands in the write-ahead log alone, as a killed run leaves it. */
function killedRun(): string {
  const store = temporaryStore();
  registerExperiment(store, exampleExperiment([]));
  const dir = temporaryFolder();
  for (const suffix of ['', '-wal'])
    copyFileSync(join(store.dir, `tweedie.sqlite${suffix}`), join(dir, `tweedie.sqlite${suffix}`));
  return dir;
}

function namesIn(dir: string): string[] {
  const store = openStore(dir, { create: false });
  try {
    return experimentNames(store);
  } finally {
    closeStore(store);
  }
}

const copies = () => readdirSync(tmpdir()).filter((name) => name.startsWith('tweedie-copy-'));

describe('reading results where nothing may be written', () => {
  it('sees what stands in the write-ahead log, and leaves no copy behind', () => {
    const dir = killedRun();
    // SQLite cannot make its shared memory here: the answer (CANTOPEN) that a read-only folder gives.
    mkdirSync(join(dir, 'tweedie.sqlite-shm'));
    const before = copies();
    expect(namesIn(dir)).toEqual(['example']);
    expect(copies()).toEqual(before);
  });

  it('works on a read-only mount', ({ skip }) => {
    const dir = killedRun();
    try {
      execFileSync('mount', ['--bind', dir, dir], { stdio: 'ignore' });
    } catch {
      skip('this user may not mount');
    }
    onTestFinished(() => void execFileSync('umount', [dir]));
    execFileSync('mount', ['-o', 'remount,ro,bind', dir]);
    expect(namesIn(dir)).toEqual(['example']);
    expect(() => openStore(dir, { create: true })).toThrow(/^\S+\/tweedie\.sqlite: (cannot|may not) be/);
  });

  it('brings a copy of an older schema to the latest', () => {
    const dir = temporaryFolder();
    const old = new Database(join(dir, 'tweedie.sqlite'));
    old.exec(migrations[0] as string);
    old.exec(`INSERT INTO experiments VALUES (1, 'old', 'old.yaml', '', '', '{}')`);
    old.pragma('user_version = 1');
    old.close();
    mkdirSync(join(dir, 'tweedie.sqlite-shm'));
    expect(namesIn(dir)).toEqual(['old']);
  });
});

it('a copy of a newer schema is refused by the name of the original', () => {
  const dir = temporaryFolder();
  const newer = new Database(join(dir, 'tweedie.sqlite'));
  newer.pragma('journal_mode = WAL');
  newer.pragma('user_version = 99');
  newer.close();
  mkdirSync(join(dir, 'tweedie.sqlite-shm'));
  expect(() => openStore(dir, { create: false })).toThrow(
    `${dir}/tweedie.sqlite: written by a newer tweedie (schema 99, this one knows ${migrations.length}); update tweedie`,
  );
});

describe('what is no results folder is named in one line', () => {
  it('a file in its place', () => {
    const file = join(temporaryFolder(), 'results');
    writeFileSync(file, '');
    expect(() => openStore(file, { create: false })).toThrow(
      `${file}: expected the folder of the results, found a file`,
    );
  });

  it('a folder in the place of the database', () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'tweedie.sqlite'));
    expect(() => openStore(dir, { create: true })).toThrow(
      `${dir}/tweedie.sqlite: expected a file, found a folder`,
    );
  });

  it("another program's database, which stays as it is", () => {
    const dir = temporaryFolder();
    const other = new Database(join(dir, 'tweedie.sqlite'));
    other.exec('CREATE TABLE bookmarks (url TEXT)');
    other.close();
    expect(() => openStore(dir, { create: true })).toThrow(
      `${dir}/tweedie.sqlite: a SQLite database of another program; give another --results DIR`,
    );
    const again = new Database(join(dir, 'tweedie.sqlite'), { readonly: true });
    expect(again.prepare('SELECT name FROM sqlite_schema').pluck().all()).toEqual(['bookmarks']);
    again.close();
  });
});
