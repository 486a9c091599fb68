import { describe, expect, it } from 'vitest';
import { ExpectedOutcomes } from '../../harness/worker/expected-outcomes.ts';
import type { FromChild, Job } from '../../harness/worker/messages.ts';
import { batchOf } from '../scheduler/batches.ts';

const batch = batchOf('a', 'b', 'c');
const job: Job = { kind: 'solve', job: { batch, wanted: ['a', 'b'], metrics: [] } };
const nan = (cellKey: string): FromChild => ({ kind: 'nan', cellKey, message: 'not finite' });

describe('the outcomes of a job', () => {
  it('are each wanted cell once, then its end', () => {
    const outcomes = new ExpectedOutcomes(job);
    for (const message of [nan('b'), nan('a'), { kind: 'finished' } as const]) outcomes.check(message);
  });

  it.each([
    ['a cell that is not wanted', [nan('c')], 'a result that was not asked for'],
    ['a cell twice', [nan('a'), nan('a')], 'a result that was not asked for'],
    [
      'an end that comes too early',
      [nan('a'), { kind: 'finished' } as const],
      'the end of its batch with 1 of 2 results',
    ],
  ])('are not %s', (_, messages, why) => {
    const outcomes = new ExpectedOutcomes(job);
    expect(() => {
      for (const message of messages) outcomes.check(message);
    }).toThrow(why);
  });
});
