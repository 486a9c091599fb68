import { describe, expect, it } from 'vitest';
import { methodOf } from '../../harness/identity/batch-methods.ts';
import { jsonHash, methodRef, settingRef } from '../../harness/identity/keys.ts';
import type { Params } from '../../harness/identity/refs.ts';
import { composeBatches, type Row } from '../../harness/plan/compose-batches.ts';
import { exampleMethod, exampleSetting } from '../store/example.ts';

/** A row of as many cells, called `NAME0`, `NAME1`, ... */
function row(name: string, count: number, params: Params, others: Partial<Row> = {}): Row {
  const items = Array.from({ length: count }, (_, i) => ({
    ...{ id: `test/${i}`, sha256: `i${i}`, seed: 0, cellKey: `${name}${i}` },
  }));
  return {
    method: methodRef({ ...exampleMethod, params }),
    setting: settingRef(exampleSetting),
    ...{ rng: 'philox', precision: 'float32', passes: 50, perImage: ['latentStep'], items },
    ...others,
  } as Row;
}

const composed = (rows: readonly Row[], size = 4) =>
  composeBatches(rows, size).map(({ items }) => items.map(({ cellKey }) => cellKey).join(' '));

const steps = (latentStep: number, others: Params = {}) => ({ steps: 50, ...others, latentStep });

describe('a batch', () => {
  it('is filled by the cells of one row first, and across rows by what that leaves', () => {
    expect(composed([row('a', 6, steps(1)), row('b', 6, steps(2)), row('c', 6, steps(3))])).toEqual([
      'a0 a1 a2 a3',
      'a4 a5 b4 b5',
      'c4 c5',
      'b0 b1 b2 b3',
      'c0 c1 c2 c3',
    ]);
  });

  it('has the settings of a sweep together where one picture under one seed leaves room', () => {
    const sweep = [0.5, 1, 1.5, 2].map((step, i) => row('abcd'[i]!, 1, steps(step)));
    expect(composed(sweep)).toEqual(['a0 b0 c0 d0']);
    expect(composed(sweep, 3)).toEqual(['a0 b0 c0', 'd0']);
    expect(composed(sweep, 1)).toEqual(['a0', 'b0', 'c0', 'd0']);
  });

  it('stands where its first row does, whatever rows of another kind stand between', () => {
    const rows = [row('a', 1, steps(1)), row('b', 1, steps(1, { eta: 1 })), row('c', 1, steps(2))];
    expect(composed(rows)).toEqual(['a0 c0', 'b0']);
  });

  it('says of each item its method, and has the key of its members', () => {
    const rows = [row('a', 1, steps(1)), row('b', 2, steps(2))];
    const [batch] = composeBatches(rows, 4);
    expect(batch!.items.map((item) => methodOf(batch!, item))).toEqual([
      rows[0]!.method,
      rows[1]!.method,
      rows[1]!.method,
    ]);
    expect(batch!.key).toBe(jsonHash(['a0', 'b0', 'b1']));
    expect(batch).toMatchObject({ passes: 50, rng: 'philox', precision: 'float32' });
  });
});

describe('rows share no batch', () => {
  const prior = { ...exampleMethod.prior!, weightsSha256: 'w2' };
  it.each<[string, Row]>([
    ['where a parameter differs that is not each image’s own', row('b', 1, steps(1, { eta: 1 }))],
    ['where the solver has none of its own', row('b', 1, steps(2), { perImage: [] })],
    [
      'on different tasks',
      row('b', 1, steps(2), { setting: settingRef({ ...exampleSetting, params: { factor: 4 } }) }),
    ],
    [
      'with different priors',
      row('b', 1, {}, { method: methodRef({ ...exampleMethod, prior, params: steps(2) }) }),
    ],
    [
      'of different solvers',
      row('b', 1, {}, { method: methodRef({ ...exampleMethod, name: 'ldps', params: steps(2) }) }),
    ],
    ['where one number takes more passes than another', row('b', 1, steps(2), { passes: 100 })],
  ])('%s', (_, other) => {
    expect(composed([row('a', 1, steps(1)), other])).toEqual(['a0', 'b0']);
  });
});
