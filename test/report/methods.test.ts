import { expect, it } from 'vitest';
import { formatParam } from '../../harness/identity/param-text.ts';

it.each([
  [0.01, '0.01'],
  ['plain', 'plain'],
  ['', '""'],
  [{ from: 'caption' }, 'caption'],
  [{ poisson: 1 }, 'poisson 1'],
  [[0.9, 0.999], '[0.9,0.999]'],
  [{ scale: 1, from: 0 }, '{"scale":1,"from":0}'],
  [undefined, 'none'],
])('a parameter of %j is shown as %s', (value, text) => {
  expect(formatParam(value)).toBe(text);
});
