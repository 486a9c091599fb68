import { expect, it } from 'vitest';
import { duration } from '../../harness/cli/plan-summary.ts';

it('rounds durations to what a person needs', () => {
  expect([0.2, 89, 90, 660, 5399, 9000].map(duration)).toEqual([
    '1 s',
    '89 s',
    '2 min',
    '11 min',
    '90 min',
    '2.5 h',
  ]);
});
