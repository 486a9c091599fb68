import { expect, it } from 'vitest';
import { wrapped } from '../../harness/text/wrap.ts';

it('breaks lines at spaces, and cuts no word', () => {
  expect(wrapped('one two three', 7)).toBe('one two\nthree');
  expect(wrapped('a Donaudampfschiff goes', 8)).toBe('a\nDonaudampfschiff\ngoes');
  expect(wrapped('one two three', 200)).toBe('one two three');
  expect(wrapped('', 10)).toBe('');
});
