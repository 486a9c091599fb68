import { type Boundary, sourceIndex } from '../operators/boundary.ts';
import type { Image8, ImageMetric } from './metric.ts';

/** One channel, row-major. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}

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

/** Structural similarity of two planes of equal size, as skimage.metrics.structural_similarity computes it. */
export function ssim(a: Plane, b: Plane, options: SsimOptions): number {
  const { range, sampleCovariance, k1 = K1, k2 = K2, boundary = 'symmetric' } = options;
  const taps = windowTaps(options.window);
  const { side = taps.length, crop = (side - 1) / 2 } = options;
  const pixels = side ** 2;
  const scale = sampleCovariance ? pixels / (pixels - 1) : 1;
  const filtered = (value: (i: number) => number) => filter(a.width, a.height, value, taps, boundary);
  const [x, y] = [a.data, b.data];
  const meanX = filtered((i) => x[i]!);
  const meanY = filtered((i) => y[i]!);
  const meanXX = filtered((i) => x[i]! * x[i]!);
  const meanYY = filtered((i) => y[i]! * y[i]!);
  const meanXY = filtered((i) => x[i]! * y[i]!);
  const c1 = (k1 * range) ** 2;
  const c2 = (k2 * range) ** 2;
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
  const { gaussian: sigma, truncate = 3.5 } = window;
  const radius = Math.floor(truncate * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - radius) / sigma) ** 2),
  );
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
}

/** Separable filter of a plane that goes on beyond its border. */
function filter(
  width: number,
  height: number,
  value: (i: number) => number,
  taps: Float64Array,
  boundary: Boundary,
): Float64Array {
  const fromRow = sources(height, taps.length, boundary);
  const fromColumn = sources(width, taps.length, boundary);
  const rows = new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let k = 0; k < taps.length; k++) {
        const source = fromRow[row + k]!;
        if (source >= 0) sum += taps[k]! * value(source * width + column);
      }
      rows[row * width + column] = sum;
    }
  }
  const out = new Float64Array(width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let k = 0; k < taps.length; k++) {
        const source = fromColumn[column + k]!;
        if (source >= 0) sum += taps[k]! * rows[row * width + source]!;
      }
      out[row * width + column] = sum;
    }
  }
  return out;
}

/** The sample that stands at each index of a line padded by half a window, from its first one on; -1: a zero. */
function sources(length: number, taps: number, boundary: Boundary): Int32Array {
  const radius = Math.floor(taps / 2);
  return Int32Array.from(
    { length: length + taps - 1 },
    (_, i) => sourceIndex(boundary, i - radius, length) ?? -1,
  );
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
