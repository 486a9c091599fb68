import { describe, expect, it } from 'vitest';
import { indicesIn, rangesOf } from '../../../harness/scheduler/slurm/array-indices.ts';

describe('the indices of an array', () => {
  it.each([
    [[], ''],
    [[5], '5'],
    [[0, 1, 2, 3, 7], '0-3,7'],
    [[9, 1, 2, 1, 4], '1-2,4,9'],
  ])('%j are written %s, and read back', (indices, text) => {
    expect(rangesOf(indices)).toBe(text);
    expect(indicesIn(text)).toEqual([...new Set(indices)].sort((a, b) => a - b));
  });

  it.each([
    ['[6-7%2]', [6, 7]],
    ['[1-9:4,20]', [1, 5, 9, 20]],
    ['0,2,4,...', [0, 2, 4]],
    ['N/A', []],
    ['', []],
  ])('Slurm prints them as %s', (text, indices) => expect(indicesIn(text)).toEqual(indices));
});
