import { expect, it } from 'vitest';
import { asGiven, howToRunAgain } from '../../harness/cli/run-again.ts';

it('what may be chance: retry as it is', () => {
  expect(howToRunAgain('a.yaml', ['oom', 'crashed'])).toBe('to run again: tweedie retry a.yaml');
});

it('what would come again: only if it is named', () => {
  expect(howToRunAgain('a.yaml', ['oom', 'solver-error'])).toBe(
    'to run again: tweedie retry a.yaml --only oom,solver-error',
  );
});

it('imported pictures that are missing: a run, once they are there', () => {
  expect(howToRunAgain('a.yaml', ['missing-picture'])).toBe(
    'once the pictures are there: tweedie run a.yaml',
  );
  expect(howToRunAgain('a.yaml', ['missing-picture', 'nan'])).toBe(
    'to run again: tweedie retry a.yaml --only nan; once the pictures are there: tweedie run a.yaml',
  );
});

it('with what chose the cells: the results folder, and what was set of the file', () => {
  expect(asGiven({ config: 'a.yaml', results: 'results', set: [] })).toBe('a.yaml');
  expect(asGiven({ config: 'my a.yaml', results: '/tmp/r', set: ['name=b', 'solvers=[dps, p2l]'] })).toBe(
    "'my a.yaml' --results /tmp/r --set name=b --set 'solvers=[dps, p2l]'",
  );
});
