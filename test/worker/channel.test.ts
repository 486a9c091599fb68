import { describe, expect, it } from 'vitest';
import { nowAndThen } from '../../harness/worker/channel.ts';

describe('a flood of steps', () => {
  it('is told now and then, and its end always', () => {
    let now = 0;
    const due = nowAndThen(50, () => now);
    const told = Array.from({ length: 100_000 }, (_, i) => {
      now += 0.01;
      return due(i + 1, 100_000);
    });
    expect(told.filter(Boolean)).toHaveLength(21);
    expect(told.at(-1)).toBe(true);
  });
});
