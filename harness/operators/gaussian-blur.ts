import { type Matrix, zeros } from './matrix.ts';
import type { Operator } from './operator.ts';
import { reflect } from './reflect.ts';
import { symmetric } from './resize-matrix.ts';
import { separableOperator } from './separable.ts';

/**
 * Gaussian blur with reflection padding, [B,C,H,W] -> [B,C,H,W] (DPS's gaussian_blur, SOLVERS.md 10.4). Separable, so
 * the blur and its boundary are one small matrix a side.
 * @param kernelSize odd, less than twice the shorter side
 * @param sigma standard deviation in pixels
 */
export function gaussianBlur(
  { kernelSize, sigma }: { kernelSize: number; sigma: number },
  [, height, width]: readonly [number, number, number],
): Operator {
  const kernel = gaussianKernel(kernelSize, sigma);
  const rows = blurMatrix(kernel, height);
  const columns = width === height ? rows : blurMatrix(kernel, width);
  return { ...separableOperator('gaussian-blur', rows, columns), dpsTranspose: (y) => y };
}

/**
 * One axis of scipy.ndimage.gaussian_filter of a centred delta of `size` samples: cut at 4 sigma, normalised, and
 * mirrored at the ends where the cut lies outside.
 */
export function gaussianKernel(size: number, sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - radius) / sigma) ** 2),
  );
  const sum = weights.reduce((total, w) => total + w, 0);
  const kernel = new Float64Array(size);
  const centre = Math.floor(size / 2);
  weights.forEach((w, i) => {
    kernel[symmetric(centre + i - radius, size)]! += w / sum;
  });
  return kernel;
}

/** The matrix that correlates a line of samples with an odd kernel under reflection padding. */
export function blurMatrix(kernel: Float64Array, length: number): Matrix {
  const matrix = zeros(length, length);
  const half = (kernel.length - 1) / 2;
  for (let row = 0; row < length; row++) {
    kernel.forEach((weight, k) => {
      matrix.data[row * length + reflect(row + k - half, length)]! += weight;
    });
  }
  return matrix;
}
