import { describe, expect, it } from 'vitest';
import { normals } from '../../harness/engine/random.ts';
import { estimate, pairedDifference, type Score } from '../../harness/metrics/statistics.ts';
import { wilcoxonSignedRank } from '../../harness/metrics/wilcoxon.ts';

function scores(rows: readonly number[][]): Score[] {
  return rows.flatMap((values, image) =>
    values.map((value, seed) => ({ image: `image-${image}`, seed, value })),
  );
}

function noise(draw: number, count: number): number[] {
  return Array.from(normals({ seed: 1, role: 'sample', image: 'statistics', draw }, count));
}

describe('estimate', () => {
  it('is the mean over images, each image counting once whatever its number of seeds', () => {
    const { mean, images } = estimate(scores([[1, 3], [6]]));
    expect(mean).toBe(4);
    expect(images).toBe(2);
  });

  it('resamples images, not rows: repeating each row as another seed leaves the interval as it is', () => {
    const values = noise(0, 12);
    const once = estimate(scores(values.map((v) => [v])));
    const thrice = estimate(scores(values.map((v) => [v, v, v])));
    expect(thrice.low).toBeCloseTo(once.low, 12);
    expect(thrice.high).toBeCloseTo(once.high, 12);
    expect(once.high - once.low).toBeGreaterThan(0.5);
  });

  it('does not depend on the order of the rows', () => {
    const rows = scores(noise(0, 9).map((v) => [v, v + 1]));
    expect(estimate(rows.slice().reverse())).toEqual(estimate(rows));
  });

  it('covers the true mean about 95 times in 100', () => {
    const hits = Array.from({ length: 300 }, (_, draw) =>
      estimate(scores(noise(draw, 40).map((v) => [v]))),
    ).filter(({ low, high }) => low <= 0 && high >= 0).length;
    expect(hits / 300).toBeGreaterThan(0.88); // percentile intervals of 40 images cover slightly less than 95 %
    expect(hits / 300).toBeLessThan(0.985);
  });

  it('gives one image no interval', () => {
    expect(estimate(scores([[1, 2]]))).toEqual({ mean: 1.5, low: Number.NaN, high: Number.NaN, images: 1 });
  });
});

describe('pairedDifference', () => {
  it('compares an image with itself: a large spread between images does not widen the interval', () => {
    const base = noise(3, 10).map((v) => 100 * v);
    const gain = noise(4, 10).map((v) => 1 + 0.1 * v);
    const result = pairedDifference(scores(base.map((v, i) => [v + gain[i]!])), scores(base.map((v) => [v])));
    expect(result.mean).toBeCloseTo(gain.reduce((a, b) => a + b) / 10, 10);
    expect(result.low).toBeGreaterThan(0.8);
    expect(result.high).toBeLessThan(1.2);
    expect(result.p).toBeCloseTo(2 / 2 ** 10, 12); // all ten differences positive
  });

  it('uses only the (image, seed) pairs of both methods', () => {
    const result = pairedDifference(scores([[5, 7], [9]]), scores([[4], [7, 100], [3]]));
    expect(result.mean).toBe(1.5);
    expect(result.images).toBe(2);
  });
});

describe('Wilcoxon signed-rank', () => {
  it("is exact for small samples (Cureton's plant heights: scipy.stats.wilcoxon, mode exact)", () => {
    const heights = [6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75];
    expect(wilcoxonSignedRank(heights)).toBeCloseTo(0.041259765625, 12);
  });

  it('is exact with ties (enumeration of the 256 sign patterns in numpy)', () => {
    expect(wilcoxonSignedRank([1, 1, -1, 2, 2, 3, -3, 4])).toBeCloseTo(0.2421875, 12);
  });

  it('agrees with the normal approximation beyond 50 differences (scipy, mode approx, no correction)', () => {
    const differences = Array.from({ length: 60 }, (_, i) => (((i * 37) % 61) - 25) / 4);
    expect(wilcoxonSignedRank(differences)).toBeCloseTo(0.0393246482200441, 6);
  });

  it('has nothing to say when nothing differs', () => {
    expect(wilcoxonSignedRank([0, 0, 0])).toBe(1);
  });
});
