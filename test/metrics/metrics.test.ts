import { describe, expect, it } from 'vitest';
import { metrics } from '../../harness/metrics/index.ts';
import { psnrMetric } from '../../harness/metrics/psnr.ts';
import { ssimMetric } from '../../harness/metrics/ssim.ts';
import type { Image8 } from '../../harness/pictures/image8.ts';
import { toImage8 } from '../../harness/pictures/image8.ts';

const size = 16;

function picture(value: (row: number, column: number, channel: number) => number): Image8 {
  const data = Uint8Array.from({ length: size * size * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return value(Math.floor(pixel / size), pixel % size, i % 3);
  });
  return { width: size, height: size, channels: 3, data };
}

const truth = picture((row, column, channel) => (row * 31 + column * 17 + channel * 59) % 200);

describe('8-bit pictures', () => {
  it('map [-1,1] to 0..255, clip, round and interleave channels', () => {
    const image = toImage8([-1, 0.5, 3, -3, 0, 1], [3, 1, 2]);
    expect(image).toEqual({
      width: 2,
      height: 1,
      channels: 3,
      data: Uint8Array.of(0, 255, 128, 191, 0, 255),
    });
  });
});

describe('the registered metrics', () => {
  it('have distinct names', () => {
    const names = metrics.map((metric) => metric.name);
    expect(names.length).toBeGreaterThan(0);
    expect(names).toEqual([...new Set(names)]);
  });

  it('PSNR: an error of one grey level everywhere is 20 log10(255) dB', () => {
    const shifted = picture((row, column, channel) => ((row * 31 + column * 17 + channel * 59) % 200) + 1);
    expect(psnrMetric.score(shifted, truth)).toBeCloseTo(20 * Math.log10(255), 12);
  });

  it('PSNR: identical pictures have no error', () => {
    expect(psnrMetric.score(truth, truth)).toBe(Number.POSITIVE_INFINITY);
  });

  it('SSIM: 1 for identical pictures, less when one channel alone differs', () => {
    const tinted = { ...truth, data: truth.data.map((v, i) => (i % 3 === 2 ? 255 - v : v)) };
    expect(ssimMetric.score(truth, truth)).toBeCloseTo(1, 12);
    const score = ssimMetric.score(tinted, truth);
    expect(score).toBeLessThan(0.7);
    expect(score).toBeGreaterThan(1 / 3); // two channels of three are perfect, the third is anti-correlated
  });
});
