import { describe, expect, it } from 'vitest';
import { bestOf } from '../../harness/tuning/best.ts';

const whole = (mean: number, infinite = 0) => ({ mean, infinite, values: 4 });

describe('the best trial', () => {
  it("has the best mean in the metric's direction", () => {
    expect(bestOf([whole(20), whole(22), whole(21)], 'higher', 4)).toBe(1);
    expect(bestOf([whole(0.3), whole(0.2), whole(0.4)], 'lower', 4)).toBe(1);
  });

  it('is the first of equal ones', () => {
    expect(bestOf([whole(20), whole(20)], 'higher', 4)).toBe(0);
  });

  it('has numbers of all pictures', () => {
    expect(bestOf([whole(20), { mean: 30, infinite: 0, values: 3 }, null], 'higher', 4)).toBe(0);
    expect(bestOf([null, whole(Number.NaN)], 'higher', 4)).toBeNull();
  });

  it('is one that gives the truth, whose PSNR is infinite and left out of the mean', () => {
    expect(bestOf([whole(40), whole(30, 2)], 'higher', 4)).toBe(1);
  });
});
