import { expect, it } from 'vitest';
import type { Plan } from '../../harness/plan/plan.ts';
import { workToDo } from '../../harness/scheduler/run-plan.ts';
import type { CellStatus } from '../../harness/store/records.ts';
import { batchOf } from './batches.ts';

const plan = { batches: [batchOf('a', 'b', 'c'), batchOf('d')] } as unknown as Plan;

const todo = (states: Readonly<Record<string, CellStatus>>) =>
  workToDo(plan, new Map(Object.entries(states))).map(({ batch, wanted }) => [batch, wanted]);

it('a batch that lacks a result runs again as the plan has composed it; only what is missing is asked of it', () => {
  const [first, second] = plan.batches;
  expect(todo({})).toEqual([
    [first, ['a', 'b', 'c']],
    [second, ['d']],
  ]);
  expect(todo({ a: 'done', b: 'todo', c: 'failed', d: 'done' })).toEqual([[first, ['b']]]);
  expect(todo({ a: 'done', b: 'done', c: 'failed', d: 'done' })).toEqual([]);
});
