import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunLock } from '../../harness/scheduler/run-lock.ts';
import { recordFile } from '../../harness/store/record-file.ts';
import { closeStore, openStore } from '../../harness/store/store.ts';
import { tracePath, tracePicturePath } from '../../harness/store/trace-file.ts';
import { registerExperiment, saveFailure, saveSolution, startRun } from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleRun,
  exampleSolution,
  temporaryFolder,
} from '../store/example.ts';
import { tweedie } from './run-cli.ts';

const KEY = 'abc1'.padEnd(64, '0');
const FAILED = 'abd2'.padEnd(64, '0');
const UNNAMED = `images/00/${'0'.repeat(64)}.png`;
const TENSOR = `tensors/ab/${KEY}.safetensors`;

/** A folder with a solved and a failed cell, the solved one's tensor and record, and a picture that no row names. */
function filled(): string {
  const dir = temporaryFolder();
  const store = openStore(dir, { create: true });
  const cells = [exampleCell({ key: KEY }), exampleCell({ key: FAILED, item: 'test/1' })] as const;
  registerExperiment(store, exampleExperiment(cells));
  const run = startRun(store, 'example', exampleRun);
  const { artifacts, ...solution } = exampleSolution(cells[0]);
  const files = artifacts.map((file) => (file.media === 'array' ? { ...file, path: TENSOR } : file));
  saveSolution(store, run, { ...solution, artifacts: files });
  saveFailure(store, {
    cellKey: FAILED,
    kind: 'nan',
    message: 'NaN at step 3',
    logTail: 'step 3\nits last words\n',
  });
  closeStore(store);
  for (const path of [UNNAMED, TENSOR]) put(join(dir, path));
  put(recordFile(dir, KEY));
  return dir;
}

function put(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'x'.repeat(2048));
}

describe('show', () => {
  it('prints all of a cell, whose key may be cut short', async () => {
    const dir = filled();
    const { code, stdout } = await tweedie('show', 'abc', '--results', dir);
    expect(code).toBe(0);
    for (const line of [
      `cell: ${KEY}`,
      'status: done',
      'title: P2L',
      '  task: super-resolution',
      'seconds: 2',
    ])
      expect(stdout).toContain(line);
    expect(stdout).toContain('{"metric":"psnr","version":1');
    expect(stdout).toContain(`resultArray: ${join(dir, TENSOR)}\n`);
    expect(stdout).toMatch(/truth: .*truth-test\/0\.png \(missing\)/);
    expect((await tweedie('show', 'abd', '--results', dir)).stdout).toContain(
      'logTail:\n  step 3\n  its last words\n',
    );
  });

  it('prints an experiment, and several things as one JSON list', async () => {
    const dir = filled();
    const { stdout } = await tweedie('show', 'example', KEY, '--json', '--results', dir);
    expect(JSON.parse(stdout)).toMatchObject([
      { experiment: 'example', total: 2, failed: 1, metrics: ['psnr'], runs: [{ host: 'here' }] },
      { cell: KEY, counters: { unetForward: 100 }, experiments: ['example'] },
    ]);
  });

  it.each([
    ['ab', `ab: begins the keys of several cells; give more of it, at most ${KEY}`],
    ['exampel', 'did you mean "example"?'],
    ['fff', 'nor the beginning of a cell'],
  ])('refuses %s', async (what, message) => {
    const { code, stderr } = await tweedie('show', what, '--results', filled());
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('gc', () => {
  it('says what it would remove, and removes it where it is told to', async () => {
    const dir = filled();
    expect((await tweedie('gc', '--results', dir)).stdout).toBe(
      'would remove: 1 file that no result names (2.0 KiB)\nnothing has been removed: give --yes',
    );
    expect(existsSync(join(dir, UNNAMED))).toBe(true);
    expect(JSON.parse((await tweedie('gc', '--yes', '--json', '--results', dir)).stdout)).toMatchObject({
      removed: true,
      bytes: 2048,
      files: [{ path: UNNAMED }],
    });
    expect([UNNAMED, TENSOR].map((path) => existsSync(join(dir, path)))).toEqual([false, true]);
  });

  it('drops tensors of results on request, never records', async () => {
    const dir = filled();
    expect((await tweedie('gc', '--tensors', '--yes', '--results', dir)).stdout).toContain(
      '1 tensor of results (2.0 KiB)',
    );
    expect(existsSync(join(dir, TENSOR))).toBe(false);
    expect(existsSync(recordFile(dir, KEY))).toBe(true);
  });

  it('removes traces of cells that are gone, and keeps those of cells that are there', async () => {
    const dir = filled();
    const [theirs, gone] = [tracePath(KEY), tracePicturePath('0'.repeat(64), 'x0', 1)];
    for (const path of [theirs, gone]) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), '{}');
    }
    await tweedie('gc', '--yes', '--results', dir);
    expect([theirs, gone].map((path) => existsSync(join(dir, path)))).toEqual([true, false]);
  });

  it('waits for no run: it names the one that is at work', async () => {
    const dir = filled();
    const lock = new RunLock(dir, 'example');
    const { code, stderr } = await tweedie('gc', '--yes', '--results', dir);
    expect([code, stderr]).toEqual([2, expect.stringContaining('a run is at work here')]);
    lock.release();
  });
});

describe('rm', () => {
  it('says what it would remove, and removes rows and records where it is told to', async () => {
    const dir = filled();
    const dry = await tweedie('rm', 'example', '--results', dir);
    expect(dry.stdout).toBe(
      'would remove: example and 2 cells, with their scores and records\nnothing has been removed: give --yes',
    );
    expect(existsSync(recordFile(dir, KEY))).toBe(true);
    const done = await tweedie('rm', 'example', '--yes', '--results', dir);
    expect(done.stdout).toContain('removed: example and 2 cells');
    expect(existsSync(recordFile(dir, KEY))).toBe(false);
    expect((await tweedie('gc', '--results', dir)).stdout).toContain('2 files that no result names');
    expect((await tweedie('rm', 'example', '--results', dir)).code).toBe(2);
  });
});
