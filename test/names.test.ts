import { expect, it } from 'vitest';
import { nearest } from '../harness/names.ts';

it('the nearest name of one that is spelt as in its paper', () => {
  expect(nearest('ddnm+', ['ddnm', 'ddnm-plus'])).toBe('did you mean "ddnm-plus"?');
});
