import type { Boundary } from '../operators/boundary.ts';
import type { Image8 } from '../pictures/image8.ts';
import { type ImageMetric, needsSides } from './metric.ts';
import { type Plane, RowMoments } from './row-moments.ts';

export interface SsimOptions {
  readonly range: number;
  /** Side of the uniform window, or sigma of a Gaussian one cut at `truncate` (3.5) sigma: 11 x 11 for 1.5. */
  readonly window: { readonly uniform: number } | { readonly gaussian: number; readonly truncate?: number };
  /** Divides second moments by NP - 1 (NP pixels in the window) in place of NP. */
  readonly sampleCovariance: boolean;
  /** Side of the window that NP counts; default: its real one. */
  readonly side?: number;
  readonly k1?: number;
  readonly k2?: number;
  /** How the image goes on beyond its border; default: mirrored with its edge pixel repeated. */
  readonly boundary?: Boundary;
  /** Pixels on each side that the map's mean leaves out; default: those whose window reaches over the border. */
  readonly crop?: number;
}

const K1 = 0.01;
const K2 = 0.03;

/** Wang et al. 2004 with the Gaussian window of the paper; skimage's gaussian_weights, no sample covariance. */
export const GAUSSIAN_SSIM: SsimOptions = { range: 255, window: { gaussian: 1.5 }, sampleCovariance: false };

/**
 * Structural similarity of two planes of equal size, as skimage.metrics.structural_similarity computes it. Goes through
 * the planes row by row, in the memory of a few rows.
 * @throws RangeError for planes whose every pixel the crop leaves out: the mean over none is no number
 */
export function ssim(a: Plane, b: Plane, options: SsimOptions): number {
  const { range, sampleCovariance, k1 = K1, k2 = K2, boundary = 'symmetric' } = options;
  const taps = windowTaps(options.window);
  const { side = taps.length, crop = (side - 1) / 2 } = options;
  const { width, height } = a;
  if (Math.min(width, height) <= 2 * crop) {
    throw new RangeError(`SSIM: a plane of ${width}x${height} has no pixel inside a border of ${crop}`);
  }
  const pixels = side ** 2;
  const scale = sampleCovariance ? pixels / (pixels - 1) : 1;
  const c1 = (k1 * range) ** 2;
  const c2 = (k2 * range) ** 2;
  const moments = new RowMoments(a, b, taps, boundary);
  const { meanX, meanY, meanXX, meanYY, meanXY } = moments;
  let sum = 0;
  for (let row = crop; row < height - crop; row++) {
    moments.go(row, crop, width - crop);
    for (let column = crop; column < width - crop; column++) {
      const mx = meanX[column]!;
      const my = meanY[column]!;
      const varianceX = scale * (meanXX[column]! - mx * mx);
      const varianceY = scale * (meanYY[column]! - my * my);
      const covariance = scale * (meanXY[column]! - mx * my);
      sum +=
        ((2 * mx * my + c1) * (2 * covariance + c2)) /
        ((mx * mx + my * my + c1) * (varianceX + varianceY + c2));
    }
  }
  return sum / ((height - 2 * crop) * (width - 2 * crop));
}

function windowTaps(window: SsimOptions['window']): Float64Array {
  if ('uniform' in window) return new Float64Array(window.uniform).fill(1 / window.uniform);
  const { gaussian: sigma, truncate = 3.5 } = window;
  const radius = Math.floor(truncate * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - radius) / sigma) ** 2),
  );
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
}

function channel({ width, height, channels, data }: Image8, offset: number): Plane {
  const plane = new Uint8Array(width * height);
  for (let i = 0; i < plane.length; i++) plane[i] = data[i * channels + offset]!;
  return { width, height, data: plane };
}

/** Wang et al., IEEE TIP 2004, as scikit-image computes it; the protocol says window and weights. */
export const ssimMetric: ImageMetric = {
  name: 'ssim',
  title: 'SSIM',
  version: 1,
  of: 'picture',
  against: 'truth',
  level: 'image',
  by: 'arithmetic',
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
  refuses: needsSides(11, 'its window of 11x11'),
  score(restored, truth) {
    let sum = 0;
    for (let c = 0; c < truth.channels; c++)
      sum += ssim(channel(restored, c), channel(truth, c), GAUSSIAN_SSIM);
    return sum / truth.channels;
  },
};
