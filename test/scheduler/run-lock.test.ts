import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UserError } from '../../harness/errors.ts';
import { identify, isRunning } from '../../harness/processes.ts';
import { runFile, runsFolder } from '../../harness/scheduler/run-files.ts';
import { lockFolder, RunLock, readRunProcesses } from '../../harness/scheduler/run-lock.ts';
import { temporaryFolder } from '../store/example.ts';

/** A process that leads its own group and waits to be ended. */
function sleeper() {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, pid: child.pid!, gone: once(child, 'exit') };
}

const note = (dir: string, experiment = 'demo') => runFile(dir, experiment, 'json');

/** What a run that was killed has left. */
function leave(dir: string, text: string, experiment = 'demo'): void {
  mkdirSync(runsFolder(dir), { recursive: true });
  writeFileSync(note(dir, experiment), text);
}

describe('the lock of a run', () => {
  it('refuses a second run of the experiment and names the first; another experiment may run beside', () => {
    const dir = temporaryFolder();
    const lock = new RunLock(dir, 'demo');
    expect(() => new RunLock(dir, 'demo')).toThrow(UserError);
    expect(() => new RunLock(dir, 'demo')).toThrow(
      `another run of demo is at work here (process ${process.pid})`,
    );
    const other = new RunLock(dir, 'other');
    other.release();
    lock.release();
    new RunLock(dir, 'demo').release();
  });

  it('keeps commands away that need the folder for themselves, and they runs', () => {
    const dir = temporaryFolder();
    const lock = new RunLock(dir, 'demo');
    expect(() => lockFolder(dir)).toThrow(`a run is at work here (process ${process.pid}, experiment demo)`);
    lock.release();
    const folder = lockFolder(dir);
    expect(() => lockFolder(dir)).toThrow('another command is at work here');
    expect(() => new RunLock(dir, 'demo')).toThrow(
      'rebuild, merge, rm, gc or an older tweedie is at work here',
    );
    folder.release();
    new RunLock(dir, 'demo').release();
  });

  it('names a FIFO in place of its files, and does not wait for it', () => {
    const dir = temporaryFolder();
    mkdirSync(runsFolder(dir));
    execFileSync('mkfifo', [note(dir)]);
    expect(() => readRunProcesses(dir, 'demo')).toThrow(/\.json: .*FIFO/);
    execFileSync('mkfifo', [join(dir, 'run.lock')]);
    expect(() => new RunLock(dir, 'demo')).toThrow(/run\.lock: .*FIFO/);
  });

  it('names a file of another kind in place of its own', () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'run.lock'), 'no database '.repeat(400));
    expect(() => new RunLock(dir, 'demo')).toThrow('run.lock: expected the lock of a run');
  });

  it('names the main process and the children that are alive', () => {
    const dir = temporaryFolder();
    const lock = new RunLock(dir, 'demo');
    const { pid } = sleeper();
    lock.note.addChild(pid);
    expect(readRunProcesses(dir, 'demo')).toEqual({
      host: hostname(),
      main: identify(process.pid),
      experiment: 'demo',
      children: [identify(pid)],
    });
    lock.note.removeChild(pid);
    expect(readRunProcesses(dir, 'demo')?.children).toEqual([]);
    lock.release();
    expect(readRunProcesses(dir, 'demo')).toBeNull();
  });

  it('ends the children that a killed run has left, and no process that merely has the number of one', async () => {
    const dir = temporaryFolder();
    const [orphan, stranger] = [sleeper(), sleeper()];
    const left = {
      main: { pid: 1, started: 'long ago' },
      experiment: 'demo',
      children: [identify(orphan.pid), { pid: stranger.pid, started: 'long ago' }],
    };
    leave(dir, JSON.stringify(left));
    const lock = new RunLock(dir, 'demo');
    expect(lock.reaped).toEqual([orphan.pid]);
    await orphan.gone;
    expect(isRunning(identify(stranger.pid)!)).toBe(true);
    lock.release();
  });
});

describe('what a killed run has left', () => {
  it.runIf(process.platform === 'linux')('ends, also where only a mark tells whose it is', async () => {
    const dir = temporaryFolder();
    const main = { pid: 1, started: 'long ago' };
    const stray = spawn('sleep', ['1000'], {
      detached: true,
      stdio: 'ignore',
      env: { TWEEDIE_LEASE: '1.long ago.cpu/1.0.' },
    });
    onTestFinished(() => void stray.kill('SIGKILL'));
    await once(stray, 'spawn');
    leave(dir, JSON.stringify({ main, experiment: 'demo', children: [] }));
    const gone = once(stray, 'exit');
    const lock = new RunLock(dir, 'demo');
    expect(lock.reaped).toEqual([stray.pid]);
    expect(await gone).toEqual([null, 'SIGKILL']);
    lock.release();
  });

  it('is ended by a run of any experiment', async () => {
    const dir = temporaryFolder();
    const orphan = sleeper();
    const main = { pid: 1, started: 'long ago' };
    leave(dir, JSON.stringify({ main, experiment: 'other', children: [identify(orphan.pid)] }), 'other');
    const lock = new RunLock(dir, 'demo');
    expect(lock.reaped).toEqual([orphan.pid]);
    await orphan.gone;
    expect(existsSync(note(dir, 'other'))).toBe(false);
    lock.release();
  });

  it.each(['', '{"main":', '{}'])('is nothing where its note says %j', (text) => {
    const dir = temporaryFolder();
    leave(dir, text);
    expect(readRunProcesses(dir, 'demo')).toBeNull();
    new RunLock(dir, 'demo').release();
  });
});

describe('the identity of a process', () => {
  it('is null for a number that no process has', async () => {
    const { child, pid, gone } = sleeper();
    expect(identify(pid)).toMatchObject({ pid });
    child.kill('SIGKILL');
    await gone;
    expect(identify(pid)).toBeNull();
  });
});
