import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunLock } from '../../harness/scheduler/run-lock.ts';
import { recordFile } from '../../harness/store/record-file.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { closeStore, openStore } from '../../harness/store/store.ts';
import { tracePath, tracePicturePath } from '../../harness/store/trace-file.ts';
import { saveFailure, saveSolution, startRun } from '../../harness/store/writes.ts';
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
  const cells = [
    exampleCell({ key: KEY, item: 'test/00000' }),
    exampleCell({ key: FAILED, item: 'test/00001' }),
  ] as const;
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

describe('reproduce', () => {
  it('says what to do where the file of the run is not here', async () => {
    const { code, stderr } = await tweedie('reproduce', 'abc', '--results', filled());
    expect([code, stderr]).toEqual([
      2,
      `${exampleExperiment([]).configFile}: no such file here; it is the file of example as its run was told: give --config FILE, or go where that run was started`,
    ]);
  });
});

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
    expect(stdout).toMatch(/truth: .*truth-test\/00000\.png \(missing\)/);
    expect((await tweedie('show', 'abd', '--results', dir)).stdout).toContain(
      'logTail:\n  step 3\n  its last words\n',
    );
  });

  it('has its run, and the first and last of what its solver has said of its steps', async () => {
    const dir = filled();
    const trace = {
      format: 1,
      steps: 3,
      scalars: {
        misfit: [
          [1, 9],
          [3, 0.5],
        ],
      },
      pictures: { x0: [1] },
    };
    mkdirSync(dirname(join(dir, tracePath(KEY))), { recursive: true });
    writeFileSync(join(dir, tracePath(KEY)), JSON.stringify(trace));
    const { stdout } = await tweedie('show', KEY, '--json', '--results', dir);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        run: { versions: { node: '20' }, argv: ['run', 'example.yaml'] },
        trace: { steps: 3, misfit: { first: 9, last: 0.5 }, pictures: { x0: [1] } },
      },
    ]);
  });

  it('writes the page of one cell, with what it says and what of its files is lost', async () => {
    const dir = filled();
    const file = join(dir, 'cell.html');
    expect((await tweedie('show', 'abd', '--html', file, '--results', dir)).stdout).toBe(file);
    const failed = readFileSync(file, 'utf8');
    expect(failed).toContain('<h2>Log</h2><pre tabindex="0">step 3\nits last words\n</pre>');
    expect(failed).toContain('NaN at step 3');
    await tweedie('show', 'abc', '--html', file, '--results', dir);
    const solved = readFileSync(file, 'utf8');
    expect(solved).toContain('<h1>P2L on Super-resolution: test/00000, seed 0</h1>');
    expect(solved).toContain('images/truth-test/00000.png: missing');
    expect(solved).not.toContain('<script');
    const two = await tweedie('show', 'abc', 'abd', '--html', file, '--results', dir);
    expect([two.code, two.stderr]).toEqual([2, expect.stringContaining('expected the key of one cell')]);
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

describe('versions', () => {
  /** `example` with one picture more, and before that the version of `filled`. */
  function twice(): string {
    const dir = filled();
    const store = openStore(dir, { create: true });
    const cells = [
      exampleCell({ key: KEY, item: 'test/00000' }),
      exampleCell({ key: FAILED, item: 'test/00001' }),
    ] as const;
    registerExperiment(store, exampleExperiment(cells, { configValues: { data: { count: 2 } } }));
    registerExperiment(store, exampleExperiment([cells[0]], { configValues: { data: { count: 1 } } }));
    closeStore(store);
    return dir;
  }

  it('are listed below the last, with what changes to it', async () => {
    const { stdout } = await tweedie('status', '--results', twice());
    expect(stdout).toMatch(/example +│ 1 +│ 1 +│ 0 /);
    expect(stdout).toContain(
      'other versions than example@2, and what changes from them to it:\n  example@1  2026-11-21 00:00  1 of 2 cells done  data.count 2 -> 1',
    );
  });

  it('are shown, exported and removed by NAME@VERSION', async () => {
    const dir = twice();
    const shown = await tweedie('show', 'example@1', KEY, '--json', '--results', dir);
    expect(JSON.parse(shown.stdout)).toMatchObject([
      { experiment: 'example@1', total: 2 },
      { experiments: ['example', 'example@1'] },
    ]);
    const out = join(dir, 'rows.jsonl');
    expect(
      (await tweedie('export', 'example@1', '--format', 'jsonl', '--out', out, '--results', dir)).stderr,
    ).toBe('');
    expect(readFileSync(out, 'utf8').trim().split('\n')).toHaveLength(2);
    expect((await tweedie('rm', 'example@1', '--yes', '--results', dir)).stdout).toContain(
      'removed: example@1 and 1 cell, with their scores and records; 1 cell that others have stay',
    );
    expect((await tweedie('show', 'example@1', '--results', dir)).stderr).toContain(
      'unknown version "example@1"',
    );
    expect((await tweedie('status', 'example@2', '--results', dir)).code).toBe(0);
  });

  it('are compared, and one alone is not, nor in a format of tables', async () => {
    const dir = twice();
    const out = join(dir, 'changes.md');
    const options = ['--format', 'markdown', '--out', out, '--results', dir];
    const { code, stdout } = await tweedie('report', 'example@1', 'example', ...options);
    expect([code, stdout]).toEqual([0, expect.stringContaining('example@1 -> example\n  data.count 2 -> 1')]);
    expect(readFileSync(out, 'utf8')).toMatch(/^## example/);
    const same = await tweedie('report', 'example@2', 'example', ...options);
    expect([same.code, same.stderr]).toEqual([2, expect.stringContaining('found one twice')]);
    const latex = await tweedie('report', 'example@1', 'example', '--format', 'latex', '--results', dir);
    expect(latex.stderr).toContain('two experiments are compared as html or markdown');
  });

  it('all go with the name', async () => {
    expect((await tweedie('rm', 'example', '--results', twice())).stdout).toContain(
      'would remove: example, all 2 versions of it and 2 cells',
    );
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
