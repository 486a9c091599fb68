import { expect, it } from 'vitest';
import { matchUp } from '../../../harness/report/compare/match.ts';

const whole = (word: string) => word;
const initial = (word: string) => word[0]!;

it('pairs by the first identity, and what is left by the next, in the order of the second list', () => {
  expect(matchUp(['ant', 'bee', 'cat'], ['cow', 'bee', 'dog'], [whole, initial])).toEqual({
    pairs: [
      ['cat', 'cow'],
      ['bee', 'bee'],
    ],
    onlyFirst: ['ant'],
    onlySecond: ['dog'],
  });
});

it('pairs none of several that an identity cannot tell apart', () => {
  expect(matchUp(['ant', 'ape'], ['auk'], [whole, initial])).toEqual({
    pairs: [],
    onlyFirst: ['ant', 'ape'],
    onlySecond: ['auk'],
  });
});
