import { expect, it } from 'vitest';
import { methodOf } from '../../harness/identity/batch-methods.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import { batchOf } from '../../harness/scheduler/reproduce.ts';
import type { CellRow } from '../../harness/store/cell-rows.ts';
import { batchOf as plannedBatch } from './batches.ts';

const item = (cellKey: string, id: string, seed: number) => ({ cellKey, id, seed, sha256: id });
const planned = (...items: ReturnType<typeof item>[]) => ({ ...plannedBatch('x'), items });

/** Two pictures under two seeds, three to a batch. */
const plan = {
  batches: [planned(item('a0', 'a', 0), item('b0', 'b', 0), item('a7', 'a', 7)), planned(item('b7', 'b', 7))],
} as unknown as Plan;

const composition = (key: string, seed: number, batch: string[]) =>
  batchOf(plan, { key, seed, batch } as CellRow)?.items.map(({ cellKey }) => cellKey);

it('a cell is solved again among those that it was solved among, whatever the plan puts together now', () => {
  expect(composition('a7', 7, ['a7', 'b7'])).toEqual(['a7', 'b7']);
  expect(composition('b0', 0, ['a0', 'b0', 'a7', 'b7'])).toEqual(['a0', 'b0', 'a7', 'b7']);
});

it('of a batch that an earlier version has stored by its pictures all are of one seed', () => {
  expect(composition('a7', 7, ['a', 'b'])).toEqual(['a7', 'b7']);
});

it('a cell that the plan has not gives none; a neighbour that it has not is a mistake', () => {
  expect(composition('c0', 0, ['c0'])).toBeUndefined();
  expect(() => composition('a0', 0, ['a0', 'c0'])).toThrow(
    'it was solved in one batch with c0, which the file does not plan (another value, picture or seed); give --config or --set as it was run',
  );
});

it('of a batch of several settings of a solver each cell has its own again', () => {
  const plain = plannedBatch('x');
  const methods = ['one', 'other'].map((key) => ({ ...plain.method, key }));
  const [one, other] = methods as [typeof plain.method, typeof plain.method];
  const batches = [
    { ...plain, method: one, items: [item('one', 'a', 0), { ...item('other', 'a', 0), method: other }] },
    { ...plain, method: one, items: [item('more', 'b', 0)] },
  ];
  const cell = { key: 'other', seed: 0, batch: ['other', 'more', 'one'] } as CellRow;
  const again = batchOf({ batches } as unknown as Plan, cell)!;
  expect(again.items.map((item) => [item.cellKey, methodOf(again, item).key])).toEqual([
    ['other', 'other'],
    ['more', 'one'],
    ['one', 'one'],
  ]);
});
