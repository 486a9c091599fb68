import { describe, expect, it } from 'vitest';
import { metrics } from '../../harness/metrics/index.ts';
import { GAUSSIAN_SSIM, ssim, ssimMetric } from '../../harness/metrics/ssim.ts';
import type { Image8 } from '../../harness/pictures/image8.ts';

const refusal = (name: string, width: number, height: number) =>
  metrics.find((metric) => metric.name === name)!.refuses?.({ width, height }) ?? null;

describe('pictures that a metric has no number for', () => {
  // LPIPS: the sides from which on torchvision's networks do not raise; SSIM: scikit-image's ValueError.
  it.each([
    ['ssim', 11, 'its window of 11x11'],
    ['lpips', 31, "alexnet's last features"],
    ['lpips-vgg', 16, "vgg16's last features"],
    ['lpips-squeeze', 17, "squeezenet1_1's last features"],
  ])('%s: a side below %i', (name, smallest, what) => {
    expect(refusal(name, smallest, smallest)).toBeNull();
    expect(refusal(name, 64, smallest - 1)).toBe(
      `64x${smallest - 1} is too small for ${what}; expected sides of ${smallest} pixels and more`,
    );
    expect(refusal(name, smallest - 1, 64)).not.toBeNull();
  });

  it('clip-score: a thread of pixels, whose shorter side would be enlarged to the model', () => {
    expect(refusal('clip-score', 100, 1)).toBeNull();
    expect(refusal('clip-score', 1, 101)).toBe(
      '1x101 is too long; expected at most 100 times as long as wide',
    );
  });

  it('none of the others: they resize, or look at single pixels', () => {
    const picky = metrics.filter(({ refuses }) => refuses?.({ width: 1, height: 1 })).map(({ name }) => name);
    expect(picky).toEqual(['ssim', 'lpips', 'lpips-vgg', 'lpips-squeeze']);
  });

  it('SSIM itself has no mean over no pixel', () => {
    const plane = { width: 10, height: 40, data: new Uint8Array(400) };
    expect(() => ssim(plane, plane, GAUSSIAN_SSIM)).toThrow(
      new RangeError('SSIM: a plane of 10x40 has no pixel inside a border of 5'),
    );
  });
});

describe('SSIM', () => {
  const painted = (seed: number): Image8 => ({
    width: 40,
    height: 25,
    channels: 3,
    data: Uint8Array.from({ length: 40 * 25 * 3 }, (_, i) => (i * i * seed + 31 * i) % 256),
  });

  it('gives version 1 to the last bit: stored numbers stay comparable', () => {
    expect(ssimMetric.score(painted(7), painted(7.3))).toBe(0.004909353135424368);
  });

  it('needs a pixel more than its window takes', () => {
    const plane = { width: 11, height: 11, data: Uint8Array.from({ length: 121 }, (_, i) => i) };
    expect(ssim(plane, plane, GAUSSIAN_SSIM)).toBe(1);
  });
});
