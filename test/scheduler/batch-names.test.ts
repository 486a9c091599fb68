import { expect, it } from 'vitest';
import type { Batch, Params } from '../../harness/identity/refs.ts';
import type { Plan } from '../../harness/plan/plan.ts';
import { BatchNames } from '../../harness/scheduler/batch-names.ts';
import { batchOf } from './batches.ts';

/** A batch of the example's method with other parameters, which are another method. */
function batchWith(key: string, params: Params): Batch {
  const batch = batchOf('a');
  return { ...batch, method: { ...batch.method, key, params } };
}

function namesIn(batches: readonly Batch[], labels: Record<string, string> = {}): string[] {
  const names = new BatchNames({ batches, report: { priors: [], labels } } as unknown as Plan);
  return batches.map((batch) => names.method(batch));
}

it('a method is called with those parameters that tell it from others of its solver', () => {
  const batches = [batchWith('m1', { steps: 50, omega: 1 }), batchWith('m2', { steps: 50, omega: 2 })];
  expect(namesIn(batches)).toEqual(['p2l omega=1', 'p2l omega=2']);
});

it('one that the experiment has a name for is called by it, without what sets it apart from others', () => {
  const batches = [batchWith('m1', { steps: 50 }), batchWith('m2', { steps: 20, add: { alpha: 0.75 } })];
  expect(namesIn(batches, { m2: 'P2L, sooner' })).toEqual(['p2l', 'P2L, sooner']);
});

it('a name of a whole grid is told with the parameters of the point', () => {
  const batches = [batchWith('m1', { omega: 1 }), batchWith('m2', { omega: 2 })];
  expect(namesIn(batches, { m1: 'ours', m2: 'ours' })).toEqual(['ours omega=1', 'ours omega=2']);
});

it('a batch of several settings is called with the values of all, once where they agree', () => {
  const [one, other, third] = [1, 2, 3].map((omega) => batchWith(`m${omega}`, { steps: 50, omega })) as [
    Batch,
    Batch,
    Batch,
  ];
  const [item] = one.items;
  const mixed = { ...one, items: [item!, { ...item!, cellKey: 'b', method: other.method }] };
  expect(namesIn([mixed, third])).toEqual(['p2l omega=1,2', 'p2l omega=3']);
  expect(namesIn([mixed, third], { m2: 'ours' })).toEqual(['p2l omega=1, ours', 'p2l omega=3']);
});
