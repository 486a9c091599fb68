import { expect, it } from 'vitest';
import type { Batch } from '../../harness/identity/refs.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import { showLines } from '../../harness/scheduler/progress.ts';
import { RunProgress } from '../../harness/scheduler/run-progress.ts';
import { batchOf } from './batches.ts';

const planOf = (...batches: Batch[]) => ({ batches, report: { priors: [] } }) as unknown as Plan;

it('a failure is one line that cannot steer the terminal, however long and whatever the message', () => {
  const lines: string[] = [];
  const display = showLines(new RunProgress(new Map(), 1), planOf(batchOf('a', 'b')), (line) =>
    lines.push(line),
  );
  const plain = batchOf('a', 'b');
  const batch = { ...plain, method: { ...plain.method, name: '\u001b[31mred' } };
  const message = `\u001b[2J\u202eone\ntwo ${'m'.repeat(2000)}`;
  display.retrying(batch, 'solver-error', message, 2);
  display.failed('b', batch, 'solver-error', message);

  const shown = `\\u{1b}[2J\\u{202e}one\\ntwo ${'m'.repeat(174)}…${'m'.repeat(199)}`;
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
  const display = showLines(new RunProgress(new Map(), 1), planOf(...batches), (line) => lines.push(line));
  for (const batch of batches) display.failed('a', batch, 'nan', 'NaN');
  expect(lines).toEqual([
    'failed (nan): p2l gain=0.5 on super-resolution factor=4, test/0, seed 0: NaN',
    'failed (nan): p2l gain=1 on super-resolution factor=8, test/0, seed 0: NaN',
  ]);
});
