import type { ImageMetric } from './metric.ts';

/**
 * Peak signal-to-noise ratio in dB, 10 log10(range^2 / MSE), over all values of both arrays; equal arrays give Infinity.
 */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>, range: number): number {
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i]! - b[i]!) ** 2;
  return 10 * Math.log10((range * range * a.length) / squares);
}

/** Of 8-bit RGB pictures, the error taken over pixels and channels, as the papers' code does. */
export const psnrMetric: ImageMetric = {
  name: 'psnr',
  title: 'PSNR',
  version: 1,
  of: 'picture',
  against: 'truth',
  level: 'image',
  by: 'arithmetic',
  better: 'higher',
  unit: 'dB',
  digits: 2,
  protocol: { input: 'uint8 RGB', range: 255, mse: 'over pixels and channels', aggregation: 'per image' },
  score: (restored, truth) => psnr(restored.data, truth.data, 255),
};
