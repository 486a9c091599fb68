import type { Image8, ImageMetric } from './metric.ts';

/** One channel, row-major. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

export interface SsimOptions {
  range: number;
  /** Side of the uniform window, or sigma of a Gaussian one cut at 3.5 sigma (11 x 11 for 1.5). */
  window: { uniform: number } | { gaussian: number };
  /** Divides second moments by NP - 1 (NP pixels in the window) in place of NP. */
  sampleCovariance: boolean;
}

const K1 = 0.01;
const K2 = 0.03;

/** Wang et al. 2004 with the Gaussian window of the paper; skimage's gaussian_weights, no sample covariance. */
export const GAUSSIAN_SSIM: SsimOptions = { range: 255, window: { gaussian: 1.5 }, sampleCovariance: false };

/**
 * Structural similarity of two planes of equal size, as skimage.metrics.structural_similarity computes it: symmetric
 * boundary, the map's mean over the pixels whose window lies inside the image.
 */
export function ssim(a: Plane, b: Plane, { range, window, sampleCovariance }: SsimOptions): number {
  const taps = windowTaps(window);
  const pixels = taps.length ** 2;
  const scale = sampleCovariance ? pixels / (pixels - 1) : 1;
  const filtered = (value: (i: number) => number) => filter(a.width, a.height, value, taps);
  const [x, y] = [a.data, b.data];
  const meanX = filtered((i) => x[i]!);
  const meanY = filtered((i) => y[i]!);
  const meanXX = filtered((i) => x[i]! * x[i]!);
  const meanYY = filtered((i) => y[i]! * y[i]!);
  const meanXY = filtered((i) => x[i]! * y[i]!);
  const c1 = (K1 * range) ** 2;
  const c2 = (K2 * range) ** 2;
  const crop = (taps.length - 1) / 2;
  let sum = 0;
  for (let row = crop; row < a.height - crop; row++) {
    for (let column = crop; column < a.width - crop; column++) {
      const i = row * a.width + column;
      const [mx, my] = [meanX[i]!, meanY[i]!];
      const varianceX = scale * (meanXX[i]! - mx * mx);
      const varianceY = scale * (meanYY[i]! - my * my);
      const covariance = scale * (meanXY[i]! - mx * my);
      sum +=
        ((2 * mx * my + c1) * (2 * covariance + c2)) /
        ((mx * mx + my * my + c1) * (varianceX + varianceY + c2));
    }
  }
  return sum / ((a.height - 2 * crop) * (a.width - 2 * crop));
}

function windowTaps(window: SsimOptions['window']): Float64Array {
  if ('uniform' in window) return new Float64Array(window.uniform).fill(1 / window.uniform);
  const radius = Math.floor(3.5 * window.gaussian + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - radius) / window.gaussian) ** 2),
  );
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
}

/** Separable filter; windows that reach over the border see the image mirrored with its edge pixel repeated. */
function filter(
  width: number,
  height: number,
  value: (i: number) => number,
  taps: Float64Array,
): Float64Array {
  const radius = (taps.length - 1) / 2;
  const rows = new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let k = 0; k < taps.length; k++)
        sum += taps[k]! * value(mirror(row + k - radius, height) * width + column);
      rows[row * width + column] = sum;
    }
  }
  const out = new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let k = 0; k < taps.length; k++)
        sum += taps[k]! * rows[row * width + mirror(column + k - radius, width)]!;
      out[row * width + column] = sum;
    }
  }
  return out;
}

function mirror(index: number, length: number): number {
  if (index < 0) return -1 - index;
  return index < length ? index : 2 * length - 1 - index;
}

function channel(image: Image8, offset: number): Plane {
  const data = Float64Array.from(
    { length: image.width * image.height },
    (_, i) => image.data[i * image.channels + offset]!,
  );
  return { width: image.width, height: image.height, data };
}

/** SOLVERS.md 11.5. */
export const ssimMetric: ImageMetric = {
  name: 'ssim',
  version: 1,
  better: 'higher',
  digits: 4,
  protocol: {
    input: 'uint8 RGB',
    range: 255,
    window: 'Gaussian 11x11, sigma 1.5',
    K1,
    K2,
    sampleCovariance: false,
    border: 'mean over the map cropped by 5',
    channels: 'mean of the channels',
    aggregation: 'per image',
  },
  score(restored, truth) {
    let sum = 0;
    for (let c = 0; c < truth.channels; c++)
      sum += ssim(channel(restored, c), channel(truth, c), GAUSSIAN_SSIM);
    return sum / truth.channels;
  },
};
