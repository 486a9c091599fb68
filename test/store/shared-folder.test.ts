import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Connection } from '../../harness/store/connection.ts';
import { experimentNames } from '../../harness/store/queries.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { closeStore, openStore, type Store } from '../../harness/store/store.ts';
import { storeError } from '../../harness/store/store-error.ts';
import { NFS, pretended } from '../support/shared-folder.ts';
import { exampleCell, exampleExperiment, temporaryFolder, temporaryStore } from './example.ts';

vi.mock('node:fs', async (original) => (await import('../support/shared-folder.ts')).pretendingFs(original));
beforeEach(() => void Object.assign(pretended, { type: NFS }));
afterEach(() => void Object.assign(pretended, { type: null }));

const plan = (name: string) => exampleExperiment([exampleCell({ key: name })], { name });
const journal = ({ db }: Store) => db.pragma('journal_mode', { simple: true });
const logOf = ({ dir }: Store) => join(dir, 'tweedie.sqlite-wal');

describe('results that machines share', () => {
  it('are written without write-ahead logging, by several connections, each transaction to the disk', () => {
    const one = temporaryStore();
    const other = temporaryStore(one.dir);
    for (const store of [one, other]) {
      expect(journal(store)).toBe('delete');
      expect(store.db.pragma('synchronous', { simple: true })).toBe(3);
    }
    registerExperiment(one, plan('one'));
    registerExperiment(other, plan('other'));
    expect(experimentNames(one)).toEqual(['one', 'other']);
    expect(existsSync(logOf(one))).toBe(false);
  });

  it('lose the log that they had on a local disk, and get it again there', () => {
    pretended.type = null;
    const local = temporaryStore();
    registerExperiment(local, plan('local'));
    expect(existsSync(logOf(local))).toBe(true);
    closeStore(local);
    pretended.type = NFS;
    const shared = temporaryStore(local.dir);
    expect(journal(shared)).toBe('delete');
    registerExperiment(shared, plan('shared'));
    closeStore(shared);
    pretended.type = null;
    const again = temporaryStore(local.dir);
    expect(journal(again)).toBe('wal');
    expect(experimentNames(again)).toEqual(['local', 'shared']);
  });

  it('take over a log that a killed run has left', () => {
    pretended.type = null;
    const local = temporaryStore();
    registerExperiment(local, plan('local'));
    const copy = temporaryFolder();
    // Its process is killed: nothing is written back.
    for (const part of ['tweedie.sqlite', 'tweedie.sqlite-wal'])
      copyFileSync(join(local.dir, part), join(copy, part));
    pretended.type = NFS;
    const shared = temporaryStore(copy);
    expect(journal(shared)).toBe('delete');
    expect(experimentNames(shared)).toEqual(['local']);
  });

  it('can be read while a run writes there', () => {
    const writer = temporaryStore();
    registerExperiment(writer, plan('one'));
    writer.db.exec('BEGIN IMMEDIATE');
    const reader = openStore(writer.dir, { create: false });
    onTestFinished(() => closeStore(reader));
    expect(experimentNames(reader)).toEqual(['one']);
    writer.db.exec('COMMIT');
  });
});

describe('where file locks do not work, that is said with the remedy:', () => {
  const remedy =
    /^\S+: file locks do not work on this file system \(NFS\); put the results on a local disk .*tweedie merge/;

  it('where the file system knows none', () => {
    const dir = temporaryFolder();
    for (const code of ['SQLITE_IOERR_LOCK', 'SQLITE_IOERR_RDLOCK'])
      expect(storeError(new Database.SqliteError('disk I/O error', code), dir)?.message).toMatch(remedy);
  });

  it('where the service for them is down, which looks like a lock of somebody else', () => {
    const dir = temporaryFolder();
    const busy = new Database.SqliteError('database is locked', 'SQLITE_BUSY');
    expect(storeError(busy, dir)?.message).toContain('another process has kept it locked');
    vi.spyOn(Connection.prototype, 'exec').mockImplementation(() => {
      throw busy;
    });
    onTestFinished(() => void vi.restoreAllMocks());
    expect(storeError(busy, dir)?.message).toMatch(remedy);
  });
});
