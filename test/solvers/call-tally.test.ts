import { expect, it } from 'vitest';
import { CallTally } from '../../harness/solvers/call-tally.ts';

it('sums what a solver counts by name, whatever the name', () => {
  const tally = new CallTally();
  tally.add({ unetForward: 1, ['__proto__']: 3 });
  tally.add({ unetForward: 2 });
  expect(Object.entries(tally.counts)).toEqual([
    ['unetForward', 3],
    ['__proto__', 3],
  ]);
});

it.each([
  [Number.NaN, 'NaN'],
  [1n, '1n'],
  ['x', 'x'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
  [undefined, 'undefined'],
])('refuses %s as a count', (n, shown) => {
  expect(() => new CallTally().add({ unet: n })).toThrow(
    new Error(`run.count: unet is ${shown}, expected a finite number`),
  );
});

it('keeps what is counted during a trace apart', () => {
  const tally = new CallTally();
  const { made } = tally.during(() => tally.add({ decoder: 2 }));
  expect([made, tally.counts]).toEqual([{ decoder: 2 }, {}]);
});
