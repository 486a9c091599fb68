import { describe, expect, it } from 'vitest';
import { psnr } from '../../harness/metrics/psnr.ts';
import { type SsimOptions, ssim } from '../../harness/metrics/ssim.ts';
import { type FixtureCase, type FixtureTensor, readFixture, readManifest } from '../support/fixture.ts';

const item = '08-psnr-ssim';
const tensors = readFixture(`${item}/cases.safetensors`);

function planes({ shape, data }: FixtureTensor) {
  const [height, width, channels = 1] = shape as [number, number, number?];
  return Array.from({ length: channels }, (_, c) => ({
    height,
    width,
    data: Float64Array.from({ length: height * width }, (_, i) => data[i * channels + c]!),
  }));
}

function options({ params }: FixtureCase): SsimOptions {
  return {
    range: Number(params.data_range),
    window:
      params.window === 'uniform'
        ? { uniform: Number(params.window_size) }
        : { gaussian: Number(params.sigma) },
    sampleCovariance: params.use_sample_covariance === true,
  };
}

// Values of scikit-image 0.19.3 on float64 images in [0,1].
describe.each(readManifest(item).cases.map((entry) => [entry.name, entry] as const))('%s', (_, entry) => {
  it('equals scikit-image', () => {
    const [a, b] = [tensors[entry.bind!.a!]!, tensors[entry.bind!.b!]!];
    const { value, abs_tol: tolerance } = entry.expect![0]!;
    if (entry.entry === 'psnr') {
      expect(Math.abs(psnr(a.data, b.data, Number(entry.params.data_range)) - value)).toBeLessThanOrEqual(
        tolerance,
      );
    } else {
      const [as, bs] = [planes(a), planes(b)];
      const sum = as.reduce((total, plane, c) => total + ssim(plane, bs[c]!, options(entry)), 0);
      expect(Math.abs(sum / as.length - value)).toBeLessThanOrEqual(tolerance);
    }
  });
});
