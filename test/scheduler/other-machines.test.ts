/** Runs of other machines in a shared folder: a process's number means nothing here. */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { identify } from '../../harness/processes.ts';
import { Claims } from '../../harness/scheduler/claims.ts';
import { takeLock } from '../../harness/scheduler/file-lock.ts';
import { runFile, runsFolder } from '../../harness/scheduler/run-files.ts';
import { lockFolder, RunLock, runAtWork } from '../../harness/scheduler/run-lock.ts';
import { Connection } from '../../harness/store/connection.ts';
import { writeFileAside } from '../../harness/write-file.ts';
import { temporaryFolder } from '../store/example.ts';
import { NFS, pretended } from '../support/shared-folder.ts';

vi.mock('node:fs', async (original) => (await import('../support/shared-folder.ts')).pretendingFs(original));
beforeEach(() => void Object.assign(pretended, { type: NFS }));
afterEach(() => void Object.assign(pretended, { type: null, mounts: null }));

/** A process that is none of this machine, whatever runs here under its number. */
const main = { ...identify(process.pid)!, started: 'on node7' };

/** The note of a run on another machine; its lock is held until the test ends. */
function runOnNode7(dir: string, experiment: string): { note: string; kill: () => void } {
  const note = runFile(dir, experiment, 'json');
  writeFileAside(note, JSON.stringify({ host: 'node7', main, experiment, children: [main] }));
  const lock = takeLock(runFile(dir, experiment, 'lock'), 'alone')!;
  onTestFinished(() => lock.release());
  return { note, kill: () => lock.release() };
}

it('while one is at work no other machine writes, and the message says who does', () => {
  const dir = temporaryFolder();
  const { kill } = runOnNode7(dir, 'theirs');
  const who = `a run of theirs is at work here (process ${process.pid} on node7), and on NFS one machine at a time writes`;
  expect(() => new RunLock(dir, 'ours')).toThrow(who);
  expect(() => new RunLock(dir, 'theirs')).toThrow(who);
  expect(() => lockFolder(dir)).toThrow(who);
  expect(runAtWork(dir, 'theirs')).toMatchObject({ host: 'node7' });
  kill();
  new RunLock(dir, 'ours').release();
});

it.each(['rw', 'rw,nolock'])(
  'of two that begin at once the one that sees the other gives way (%s)',
  (options) => {
    const dir = temporaryFolder();
    pretended.mounts = `server:/home ${dir} nfs ${options} 0 0\n`;
    const { exec } = Connection.prototype;
    // The other begins after ours has looked and before ours has said that it is there.
    const spy = vi.spyOn(Connection.prototype, 'exec').mockImplementation(function (this: Connection, sql) {
      if (sql === 'BEGIN EXCLUSIVE') {
        spy.mockRestore();
        runOnNode7(dir, 'theirs');
      }
      return exec.call(this, sql);
    });
    expect(() => new RunLock(dir, 'ours')).toThrow('a run of theirs is at work here');
    expect(existsSync(runFile(dir, 'ours', 'json'))).toBe(false);
    takeLock(runFile(dir, 'ours', 'lock'), 'alone')!.release();
    expect(existsSync(runFile(dir, 'theirs', 'json'))).toBe(true);
  },
);

it('one that was killed is not, and nothing is ended here', () => {
  const dir = temporaryFolder();
  const { note, kill } = runOnNode7(dir, 'theirs');
  kill();
  const lock = new RunLock(dir, 'ours');
  expect(lock.reaped).toEqual([]);
  expect(existsSync(note)).toBe(false);
  lock.release();
});

it('where locks are not seen elsewhere, its note alone keeps others back, and the message names it', () => {
  const dir = temporaryFolder();
  const { note, kill } = runOnNode7(dir, 'theirs');
  kill();
  pretended.mounts = `server:/home ${dir} nfs rw,nolock 0 0\n`;
  expect(() => new RunLock(dir, 'ours')).toThrow(
    `(mount option nolock): if it has been killed, remove ${note}`,
  );
});

it('on a local disk the lock alone decides: the folder was copied, or the machine has got another name', () => {
  pretended.type = null;
  const dir = temporaryFolder();
  const { kill } = runOnNode7(dir, 'theirs');
  kill();
  new RunLock(dir, 'theirs').release();
});

it('a run says on which machine it is', () => {
  const dir = temporaryFolder();
  const lock = new RunLock(dir, 'ours');
  expect(JSON.parse(readFileSync(runFile(dir, 'ours', 'json'), 'utf8'))).toMatchObject({ host: hostname() });
  lock.release();
});

it('a claim of another machine holds as long as the note of its run is there', () => {
  const dir = temporaryFolder();
  const claims = new Claims(dir, identify(process.pid)!);
  onTestFinished(() => claims.close());
  const db = new Database(join(runsFolder(dir), 'claims.sqlite'));
  db.prepare("INSERT INTO claims_2 VALUES ('a', 'node7', ?, ?)").run(main.pid, main.started);
  db.close();
  const { note } = runOnNode7(dir, 'theirs');
  expect(claims.take(['a', 'b'])).toEqual(['b']);
  writeFileAside(note, '');
  expect(claims.take(['a'])).toEqual(['a']);
});

it('where no lock can be had at all, the word is not that another run is at work', () => {
  vi.spyOn(Connection.prototype, 'exec').mockImplementation(() => {
    throw new Database.SqliteError('database is locked', 'SQLITE_BUSY');
  });
  onTestFinished(() => void vi.restoreAllMocks());
  expect(() => lockFolder(temporaryFolder())).toThrow('file locks do not work on this file system (NFS)');
});
