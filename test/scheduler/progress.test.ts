import { expect, it } from 'vitest';
import type { Batch } from '../../harness/identity/refs.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import { showLines } from '../../harness/scheduler/progress.ts';
import { firstAttempt } from '../../harness/scheduler/retry-policy.ts';
import { RunProgress } from '../../harness/scheduler/run-progress.ts';
import { RunningMeans } from '../../harness/scheduler/running-means.ts';
import { batchOf } from './batches.ts';

const planOf = (...batches: Batch[]) => ({ batches, report: { priors: [] } }) as unknown as Plan;

/** Lines of a run in which nothing is left to do but what a test says. */
const showing = (lines: string[], plan: Plan, means = new RunningMeans([], [])) =>
  showLines(new RunProgress(new Map(), 1), means, plan, (line) => lines.push(line));

it('a method that is done with a setting is a line with its means, what failed left out', () => {
  const batch = batchOf('a', 'b');
  const { method, setting } = batch;
  const stored = {
    method: method.key,
    setting: setting.key,
    item: 'test/9',
    seed: 0,
    metric: 'psnr',
    version: 1,
  };
  const rows = [{ ...stored, protocol: '{}', value: 30 }];
  const lines: string[] = [];
  const means = new RunningMeans(rows, [firstAttempt(batch, ['a', 'b'])]);
  const display = showing(lines, planOf(batch), means);
  const score = { metric: 'psnr', version: 1, protocol: {}, value: 20 };
  display.solved('a', batch, [score]);
  expect(lines).toEqual([]);
  display.failed('b', batch, 'nan', 'NaN');
  expect(lines.at(-1)).toBe('p2l on super-resolution: psnr 25.00 (2 images)');
});

it('means leave infinite numbers out and say over how many images they are', () => {
  const batch = batchOf('a', 'b');
  const means = new RunningMeans([], [firstAttempt(batch, ['a', 'b'])]);
  expect(means.about(batch)).toBe('');
  means.finish(batch, [
    { metric: 'psnr', value: Number.POSITIVE_INFINITY },
    { metric: 'mine', value: 0.123456 },
  ]);
  means.finish(batch, [{ metric: 'psnr', value: 20 }]);
  expect(means.about(batch)).toBe('mine 0.1235, psnr 20.00 (1 image)');
});

it('a failure is one line that cannot steer the terminal, however long and whatever the message', () => {
  const lines: string[] = [];
  const display = showing(lines, planOf(batchOf('a', 'b')));
  const plain = batchOf('a', 'b');
  const batch = { ...plain, method: { ...plain.method, name: '\u001b[31mred' } };
  const message = `\u001b[2J\u202eone\ntwo ${'m'.repeat(9000)}`;
  display.retrying(batch, 'solver-error', message, 2);
  display.failed('b', batch, 'solver-error', message);

  const shown = `\\u{1b}[2J\\u{202e}one\\ntwo ${'m'.repeat(1974)}…${'m'.repeat(1999)}`;
  expect(lines).toEqual([
    `solver-error: \\u{1b}[31mred on super-resolution, batch of 2: ${shown}; trying image by image`,
    `failed (solver-error): \\u{1b}[31mred on super-resolution, test/1, seed 0: ${shown}`,
  ]);
});

it('names of a failed point what sets it apart in the plan, and nothing else', () => {
  const plain = batchOf('a');
  const point = (gain: number, factor: number): Batch => ({
    ...plain,
    method: { ...plain.method, key: `${gain}`, name: 'p2l', params: { gain, steps: 3 } },
    setting: { ...plain.setting, params: { factor, noise: 0 } },
  });
  const lines: string[] = [];
  const batches = [point(0.5, 4), point(1, 8)];
  const display = showing(lines, planOf(...batches));
  for (const batch of batches) display.failed('a', batch, 'nan', 'NaN');
  expect(lines).toEqual([
    'failed (nan): p2l gain=0.5 on super-resolution factor=4, test/0, seed 0: NaN',
    'failed (nan): p2l gain=1 on super-resolution factor=8, test/0, seed 0: NaN',
  ]);
});

it('a key that one point has and another has not sets them apart: a mean of several draws', () => {
  const plain = batchOf('a');
  const draw: Batch = { ...plain, method: { ...plain.method, params: { steps: 3 } } };
  const mean: Batch = {
    ...plain,
    method: { ...plain.method, key: 'mean', params: { steps: 3, meanOfDraws: 8 } },
  };
  const lines: string[] = [];
  const display = showing(lines, planOf(draw, mean));
  for (const batch of [draw, mean]) display.failed('a', batch, 'nan', 'NaN');
  expect(lines).toEqual([
    'failed (nan): p2l on super-resolution, test/0, seed 0: NaN',
    'failed (nan): p2l meanOfDraws=8 on super-resolution, test/0, seed 0: NaN',
  ]);
});

it('of a batch of several settings of a solver each has its own line, and a failure names the one that failed', () => {
  const plain = batchOf('a', 'b');
  const setting = (latentStep: number) => ({
    ...plain.method,
    key: `${latentStep}`,
    params: { latentStep },
  });
  const [first, second] = plain.items;
  const batch = { ...plain, method: setting(0.5), items: [first!, { ...second!, method: setting(2) }] };
  const lines: string[] = [];
  const means = new RunningMeans([], [firstAttempt(batch, ['a', 'b'])]);
  const display = showing(lines, planOf(batch), means);
  display.solved('a', batch, [{ metric: 'psnr', version: 1, protocol: {}, value: 20 }]);
  display.failed('b', batch, 'nan', 'NaN');
  expect(lines).toEqual([
    'p2l latentStep=0.5 on super-resolution: psnr 20.00 (1 image)',
    'failed (nan): p2l latentStep=2 on super-resolution, test/1, seed 0: NaN',
  ]);
});
