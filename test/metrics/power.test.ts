import { describe, expect, it } from 'vitest';
import { holm } from '../../harness/metrics/holm.ts';
import { FEWEST_PICTURES, leastP, picturesToSeparate } from '../../harness/metrics/power.ts';
import { wilcoxonSignedRank } from '../../harness/metrics/wilcoxon.ts';

describe('few pictures', () => {
  it.each([1, 2, 3, 4, 5, 6, 7])(
    '%i have the least p of the test when all differences have one sign',
    (n) => {
      expect(wilcoxonSignedRank(Array.from({ length: n }, (_, i) => i + 1))).toBeCloseTo(leastP(n), 12);
    },
  );

  it('are those whose p is never below 0.05', () => {
    expect(leastP(FEWEST_PICTURES)).toBeLessThan(0.05);
    expect(leastP(FEWEST_PICTURES - 1)).toBeGreaterThan(0.05);
  });
});

describe('the number of pictures that would separate two methods', () => {
  it('is (1.96 + 0.84)^2 times the variance of the differences over their squared mean', () => {
    // Mean 1, sample variance 4: 7.849 * 4 = 31.4.
    const spread = 2 * Math.sqrt(3 / 4);
    expect(picturesToSeparate([1 - spread, 1 - spread, 1 + spread, 1 + spread])).toBe(32);
  });

  it('does not depend on unit or direction', () => {
    const differences = [0.3, -0.1, 0.4, 0.2, -0.3];
    const needed = picturesToSeparate(differences);
    expect(picturesToSeparate(differences.map((d) => -40 * d))).toBe(needed);
  });

  it('is never less than the test needs', () => {
    expect(picturesToSeparate([1, 1, 1])).toBe(FEWEST_PICTURES);
  });

  it.each([[[]], [[1]], [[1, -1]], [[1, Number.POSITIVE_INFINITY]]])(
    'is not known from %j',
    (differences) => {
      expect(picturesToSeparate(differences)).toBeNull();
    },
  );
});

describe("Holm's adjustment", () => {
  it('multiplies the least by their number, the next by one less, and keeps their order', () => {
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, i) => {
      expect(adjusted[i]).toBeCloseTo(p, 12);
    });
  });

  it('is 1 at most', () => {
    expect(holm([0.5, 0.9])).toEqual([1, 1]);
  });
});
