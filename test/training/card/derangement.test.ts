import { describe, expect, it } from 'vitest';
import { uniforms } from '../../../harness/engine/random.ts';
import { derangement } from '../../../harness/training/card/derangement.ts';

const random = (draw: number) => uniforms({ seed: 0, role: 'sample', image: 'test', draw });

describe('derangement', () => {
  it.each([2, 3, 4, 7, 200])('of %i holds each index once and none in its place', (count) => {
    for (let draw = 0; draw < 50; draw++) {
      const order = derangement(count, random(draw));
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(order.some((from, to) => from === to)).toBe(false);
    }
  });

  it('depends on the random numbers alone', () => {
    expect(derangement(20, random(1))).toEqual(derangement(20, random(1)));
    expect(derangement(20, random(1))).not.toEqual(derangement(20, random(2)));
  });

  it('does not exist for one', () => {
    expect(() => derangement(1, random(0))).toThrow(RangeError);
  });
});
