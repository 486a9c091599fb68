import { expect, it } from 'vitest';
import { counted } from '../../harness/text/count.ts';

it('one is no plural', () => {
  expect([0, 1, 2].map((n) => counted(n, 'cell'))).toEqual(['0 cells', '1 cell', '2 cells']);
  expect([1, 2].map((n) => counted(n, 'process', 'processes'))).toEqual(['1 process', '2 processes']);
});
