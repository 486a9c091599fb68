import { describe, expect, it } from 'vitest';
import { type Slicing, slicesOf } from '../../../harness/scheduler/slurm/slices.ts';
import { batchOf } from './cells.ts';

const batches = (count: number) => Array.from({ length: count }, (_, i) => batchOf([`c${i}`]));
const todo = (of: ReturnType<typeof batches>) =>
  of.map((batch) => ({ batch, wanted: batch.items.map(({ cellKey }) => cellKey) }));
const slicing: Slicing = { group: () => 0, seconds: () => 100, elementSeconds: 600, mostBatches: null };
const sizes = (all: ReturnType<typeof slicesOf>) => all.map((slice) => slice.batches.length);

describe('the slices of a plan', () => {
  it('are as long as an element is to take', () => {
    expect(sizes(slicesOf(todo(batches(14)), slicing))).toEqual([6, 6, 2]);
  });

  it('hold a batch that is longer alone', () => {
    expect(sizes(slicesOf(todo(batches(3)), { ...slicing, seconds: () => 1000 }))).toEqual([1, 1, 1]);
  });

  it('hold a batch of unknown speed alone', () => {
    expect(sizes(slicesOf(todo(batches(3)), { ...slicing, seconds: () => null }))).toEqual([1, 1, 1]);
  });

  it('hold no more batches than they may', () => {
    expect(sizes(slicesOf(todo(batches(5)), { ...slicing, mostBatches: 2 }))).toEqual([2, 2, 1]);
  });

  it('open one prior each, and ask for one kind of resources', () => {
    const [a, b, c, d] = batches(4) as [Batch, Batch, Batch, Batch];
    const prior = { ...a.method.prior!, weightsSha256: 'w2' };
    const other = { ...b, method: { ...b.method, prior } };
    const found = slicesOf(todo([a, other, c, d]), { ...slicing, group: (batch) => (batch === d ? 1 : 0) });
    expect(found.map(({ group, batches }) => [group, batches.map(({ batch }) => batch.key)])).toEqual([
      [0, ['c0', 'c2']],
      [0, ['c1']],
      [1, ['c3']],
    ]);
  });
});

type Batch = ReturnType<typeof batchOf>;
