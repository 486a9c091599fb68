import { describe, expect, it } from 'vitest';
import { type DrawKey, normals, philox4x32, uniforms } from '../../harness/engine/random.ts';

const key: DrawKey = { seed: 7, role: 'step', image: 'test/00012', draw: 3 };

function take(next: () => number, count: number): number[] {
  return Array.from({ length: count }, next);
}

function moments(values: ArrayLike<number>) {
  const xs = Array.from(values);
  const mean = xs.reduce((a, b) => a + b, 0) / xs.length;
  const central = (p: number) => xs.reduce((a, x) => a + (x - mean) ** p, 0) / xs.length;
  const variance = central(2);
  return { mean, variance, skewness: central(3) / variance ** 1.5, kurtosis: central(4) / variance ** 2 };
}

describe('Philox4x32-10', () => {
  // The rows "philox4x32 10" of DEShawResearch/random123, tests/kat_vectors: counter, key, answer.
  it.each([
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('gives the known answer for counter %s', (counter, philoxKey, answer) => {
    const words = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16));
    expect(Array.from(philox4x32(words(counter), words(philoxKey)))).toEqual(words(answer));
  });
});

describe('uniforms', () => {
  it('are the same whenever the key is the same, whatever was drawn in between', () => {
    const first = take(uniforms(key), 100);
    const interleaved = [uniforms(key), uniforms({ ...key, image: 'other' })];
    const again = Array.from({ length: 100 }, () => {
      interleaved[1]!();
      return interleaved[0]!();
    });
    expect(again).toEqual(first);
  });

  it('change with each part of the key', () => {
    const variants: DrawKey[] = [
      key,
      { ...key, seed: 8 },
      { ...key, role: 'initial' },
      { ...key, image: 'test/00013' },
      { ...key, draw: 4 },
    ];
    expect(new Set(variants.map((variant) => uniforms(variant)())).size).toBe(variants.length);
  });

  it('do not confuse a seed with a draw or a longer image name', () => {
    const [one, other] = [
      uniforms({ ...key, seed: 1, image: '2', draw: 3 })(),
      uniforms({ ...key, seed: 12, image: '', draw: 3 })(),
    ];
    expect(Math.abs(one - other)).toBeGreaterThan(1e-6);
  });

  it('fill [0,1) evenly', () => {
    const values = take(uniforms(key), 100_000);
    expect(values.every((u) => u >= 0 && u < 1)).toBe(true);
    const bins = new Array<number>(100).fill(0);
    for (const u of values) bins[Math.floor(u * 100)]!++;
    const chiSquared = bins.reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquared).toBeGreaterThan(55); // 99 degrees of freedom: mean 99, both tails beyond 1e-4
    expect(chiSquared).toBeLessThan(160);
  });
});

describe('normals', () => {
  it('have the moments of N(0,1)', () => {
    const { mean, variance, skewness, kurtosis } = moments(normals(key, 200_000));
    expect(Math.abs(mean)).toBeLessThan(0.01); // four standard errors, here and below
    expect(Math.abs(variance - 1)).toBeLessThan(0.013);
    expect(Math.abs(skewness)).toBeLessThan(0.022);
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.044);
  });

  it('are uncorrelated between images, draws and neighbours', () => {
    const n = 50_000;
    const a = normals(key, n);
    const correlation = (b: Float32Array, lag: number) => {
      let sum = 0;
      for (let i = 0; i + lag < n; i++) sum += a[i]! * b[i + lag]!;
      return Math.abs(sum / n);
    };
    expect(correlation(normals({ ...key, image: 'test/00013' }, n), 0)).toBeLessThan(0.018);
    expect(correlation(normals({ ...key, draw: 4 }, n), 0)).toBeLessThan(0.018);
    expect(correlation(a, 1)).toBeLessThan(0.018);
    expect(correlation(a, 2)).toBeLessThan(0.018);
  });

  it('are the numbers that stored results were made with', () => {
    expect(Array.from(normals(key, 3))).toEqual([
      -0.3295866847038269, -1.6735621690750122, -0.43353867530822754,
    ]);
  });

  it('are a prefix of a longer draw, also for odd counts', () => {
    expect(normals(key, 7)).toEqual(normals(key, 64).slice(0, 7));
  });
});
