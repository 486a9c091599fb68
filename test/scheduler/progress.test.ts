import { expect, it } from 'vitest';
import { showLines } from '../../harness/scheduler/progress.ts';
import { RunProgress } from '../../harness/scheduler/run-progress.ts';
import { batchOf } from './batches.ts';

it('a failure is one line that cannot steer the terminal, however long and whatever the message', () => {
  const lines: string[] = [];
  const display = showLines(new RunProgress(new Map(), 1), (line) => lines.push(line));
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
