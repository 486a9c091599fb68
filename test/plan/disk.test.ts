import { expect, it } from 'vitest';
import { diskOf } from '../../harness/plan/disk.ts';
import { batchOf } from '../scheduler/batches.ts';

// Of 3 x 64 x 64 values.
const VALUES = 12288;

it('a cell to do takes a tensor and a picture; what is given and the truth are kept once for several methods', () => {
  const batch = batchOf('a', 'b');
  const other = { ...batch, method: { ...batch.method, key: 'other' } };
  const one = diskOf([{ batch, wanted: ['a', 'b'] }]);
  expect(one.tensors).toBe(2 * 4 * VALUES);
  expect(one.pictures).toBe(6 * VALUES);
  const both = diskOf([
    { batch, wanted: ['a', 'b'] },
    { batch: other, wanted: ['a', 'b'] },
  ]);
  expect(both.tensors).toBe(2 * one.tensors);
  expect(both.pictures).toBe(8 * VALUES);
  expect(both.total).toBeGreaterThan(both.tensors + both.pictures);
});

it('what is solved takes nothing more', () => {
  const batch = batchOf('a', 'b');
  expect(diskOf([{ batch, wanted: ['b'] }]).tensors).toBe(4 * VALUES);
  expect(diskOf([])).toEqual({ tensors: 0, pictures: 0, total: 0 });
});
