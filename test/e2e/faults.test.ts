import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { identify } from '../../harness/processes.ts';
import { type Ended, hearSteps, Workplace } from './cli.ts';

// Each test starts the program, and each start loads the native libraries in several processes.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const PLUGIN = fileURLToPath(new URL('./plugins/faults.js', import.meta.url));

/** Kind, and message, of the row that each fault leaves. */
const ROWS = {
  'exit 0': ['solver-error', 'process.exit(0) ends no worker: throw an error instead'],
  stopped: ['timeout', 'stopped after 8 s (--timeout)'],
  'out of memory': ['oom', 'the worker process was ended by SIGABRT'],
  'garbage in the channel': ['crashed', 'the worker process sent bytes that are no message'],
  'messages of its own': ['solver-error', 'process.send is not a function'],
  'closed channel': ['crashed', 'the worker process closed its channel to the harness'],
  rejection: ['crashed', 'a rejection nobody handles'],
  'error of a timer': ['crashed', 'thrown from a timer'],
  'no tensor': ['solver-error', 'faulty returned undefined, expected a tensor [1,3,16,16] or { x }'],
  integers: ['solver-error', 'faulty returned a tensor of int32, expected float32'],
  'string thrown': ['solver-error', 'just a string'],
  'null thrown': ['solver-error', 'null was thrown, which is no error'],
  'NUL thrown': ['solver-error', 'a␀b'],
  'huge message': ['solver-error', expect.stringMatching(/^x{3000,}…$/)],
  'NaN counted': ['solver-error', 'run.count: unetForward is NaN, expected a finite number'],
  'BigInt counted': ['solver-error', 'run.count: unetForward is 1n, expected a finite number'],
  'NaN of steps': ['solver-error', 'run.progress(NaN, -5): expected two numbers of steps'],
  'property of every object': ['solver-error', 'Cannot add property everywhere, object is not extensible'],
  'process left behind': ['crashed', 'the worker process was ended by SIGABRT'],
} as const;
/** Those of which no line of the plug-in's file is known: the process was gone, or had to be ended. */
const NOWHERE = [
  'stopped',
  'out of memory',
  'garbage in the channel',
  'closed channel',
  'process left behind',
];
const IN_FILE = /^.*faults\.js:\d+:\d+: /;
const HARMLESS = ['none', 'garbage on stdout', 'flood of steps'];

const base = { plugins: [PLUGIN], prior: 'odd', data: { set: 'toyfaces', count: 1 }, seeds: [0], batch: 1 };

describe('a fault of a solver costs its own cell, with kind and message:', () => {
  const cleanUp: (() => void)[] = [];
  const place = new Workplace((action) => cleanUp.push(action));
  const left: number[] = [];
  let end: Ended;
  let status: { failedCells: { params: { fault: string }; kind: string; message: string }[] };

  beforeAll(async () => {
    const faults = [...Object.keys(ROWS), ...HARMLESS];
    place.experiment('one', { ...base, solvers: [{ faulty: { fault: faults } }] });
    const env = await hearSteps(
      (pid) => left.push(pid),
      (action) => cleanUp.push(action),
    );
    // Memory is to run out soon, in the worker.
    env.NODE_OPTIONS = '--max-old-space-size=400';
    end = await place.start(['run', 'one.yaml', '--no-report', '--timeout', '8'], env).ended;
    status = await place.status('one');
  });
  afterAll(() => {
    for (const action of cleanUp) action();
  });

  it.each(Object.entries(ROWS))('%s', (fault, [kind, message]) => {
    const [row, ...others] = status.failedCells.filter(({ params }) => params.fault === fault);
    expect(others).toEqual([]);
    expect({ ...row, message: row!.message.replace(IN_FILE, '') }).toMatchObject({ kind, message });
    expect(IN_FILE.test(row!.message)).toBe(!NOWHERE.includes(fault));
  });

  it('the run goes through, says of each what it is, and has exit code 1', () => {
    expect(status).toMatchObject({
      done: HARMLESS.length + 1,
      failed: Object.keys(ROWS).length,
      todo: 0,
      lastRun: { outcome: 'finished' },
    });
    expect(end.code).toBe(1);
    expect(end.stderr).not.toMatch(/^ +at /m);
    expect(end.stderr.length).toBeLessThan(20_000);
  });

  it.runIf(process.platform === 'linux')('what a worker has started is gone when it is', () => {
    expect(left).toHaveLength(2);
    expect(left.map(identify)).toEqual([null, null]);
  });
});

describe('a prior that does not open', () => {
  it.each([
    [
      'never',
      'timeout',
      'stopped: no step or result for 15 s while opening the prior; if it is only slow: --stall-timeout SECONDS, 0 for no limit',
    ],
    ['error', 'solver-error', expect.stringMatching(/faults\.js:\d+:\d+: no such model$/)],
  ])('costs the cells that need it: %s', async (opens, kind, message) => {
    const place = new Workplace();
    place.experiment('one', { ...base, prior: { odd: { opens } }, solvers: ['faulty'], workers: 1 });
    const { code } = await place.run('run', 'one.yaml', '--no-report', '--stall-timeout', '15');
    expect(code).toBe(1);
    expect(await place.status('one')).toMatchObject({ done: 1, failedCells: [{ kind, message }] });
  });
});

describe('a run whose output nobody can read', () => {
  it.each([
    ['closed', 'set -o pipefail; "$@" 2>&1 | true'],
    ['on a full disk', '"$@" > /dev/full 2> /dev/full'],
  ])('goes on, and its exit code is that of the work: %s', async (_, script) => {
    const place = new Workplace();
    place.experiment('one', { ...base, solvers: [{ faulty: { fault: 'no tensor' } }], workers: 1 });
    const shell = spawn('bash', ['-c', script, 'bash', ...place.command('run', 'one.yaml')], {
      cwd: place.dir,
    });
    expect(await once(shell, 'exit')).toEqual([1, null]);
    expect(await place.status('one')).toMatchObject({ done: 1, failed: 1, lastRun: { outcome: 'finished' } });
  });

  it('is told of a command whose output is its work', async () => {
    const place = new Workplace();
    const command = place.command('list', 'solvers');
    const shell = spawn('bash', ['-c', '"$@" > /dev/full', 'bash', ...command], { cwd: place.dir });
    let stderr = '';
    shell.stderr.on('data', (chunk) => (stderr += chunk));
    expect(await once(shell, 'close')).toEqual([1, null]);
    expect(stderr).toBe(
      'standard output: no space is left on its disk; free some and run the same command again\n',
    );
  });
});

describe('results that cannot be kept', () => {
  it('on a full disk: the run ends in order, and the same command goes on', async ({ skip }) => {
    const place = new Workplace();
    const disk = join(place.dir, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', disk]).status === 0;
    skip(!mounted, 'only root can make a small disk');
    onTestFinished(() => void spawnSync('umount', [disk]));
    place.experiment('one');
    const args = ['run', 'one.yaml', '--no-report', '--results', join(disk, 'r')];

    const full = await place.run(...args);
    expect(full.code).toBe(1);
    expect(full.stderr).toMatch(
      /^.*\/r\/?.*: no space is left on its disk; free some .*\nstopped: \d+ of 48 cells are done; the same command goes on\n$/,
    );
    const status = () => place.run('status', '--json', '--results', join(disk, 'r'));
    expect(JSON.parse((await status()).stdout).experiments[0]).toMatchObject({
      failed: 0,
      runningPid: null,
      lastRun: { outcome: 'stopped' },
    });

    spawnSync('mount', ['-o', 'remount,size=10m', disk]);
    expect((await place.run(...args)).code).toBe(0);
  });

  it('while another process keeps them locked: the run waits for it and says so', async () => {
    const place = new Workplace();
    place.experiment('one');
    let other: Database.Database | undefined;
    const env = await hearSteps(() => {
      if (other) return;
      other = new Database(join(place.results, 'tweedie.sqlite'), { timeout: 30_000 });
      other.exec('BEGIN IMMEDIATE');
    });
    const run = place.start(['run', 'one.yaml', '--no-report'], env);
    run.process.stderr!.on('data', (text) => {
      if (`${text}`.includes('waiting')) other!.close();
    });
    expect(await run.ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('another process keeps the results locked; waiting 120 s for it\n'),
    });
    expect(await place.status('one')).toMatchObject({ done: 48 });
  });
});
