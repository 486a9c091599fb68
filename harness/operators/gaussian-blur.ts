import { type Boundary, sourceIndex } from './boundary.ts';
import { type Matrix, zeros } from './matrix.ts';
import type { Operator } from './operator.ts';
import { separableOperator } from './separable.ts';

/** A Gaussian kernel of kernelSize x kernelSize pixels and how it meets the border. */
export interface GaussianBlur {
  /** Pixels a side. */
  readonly kernelSize: number;
  /** Standard deviation in pixels. */
  readonly sigma: number;
  /** Where the Gaussian is cut, in standard deviations; by default 4. */
  readonly truncate?: number;
  /** By default `reflect`. */
  readonly boundary?: Boundary;
  /** Convolution instead of cross-correlation: another operator where the kernel is even. */
  readonly flip?: boolean;
}

/**
 * Gaussian blur with reflection padding, [B,C,H,W] -> [B,C,H,W] (DPS's gaussian_blur). Separable, so
 * the blur and its boundary are one small matrix a side. An even kernel makes each side longer by 1, as padding by half
 * a kernel does in the public code.
 */
export function gaussianBlur(
  { kernelSize, sigma, truncate, boundary, flip = false }: GaussianBlur,
  [, height, width]: readonly [number, number, number],
): Operator {
  const centred = gaussianKernel(kernelSize, sigma, truncate);
  const kernel = flip ? centred.reverse() : centred;
  const rows = blurMatrix(kernel, height, boundary);
  const columns = width === height ? rows : blurMatrix(kernel, width, boundary);
  // Its singular values fall to nothing: a pseudo-inverse would blow the noise up.
  const { pseudoInverse: _, ...blur } = separableOperator('gaussian-blur', rows, columns);
  return { ...blur, dpsTranspose: (y) => y };
}

/**
 * One axis of scipy.ndimage.gaussian_filter of a centred delta of `size` samples: cut at `truncate` sigma, normalised,
 * and mirrored at the ends where the cut lies outside.
 */
export function gaussianKernel(size: number, sigma: number, truncate = 4): Float64Array {
  const radius = Math.floor(truncate * sigma + 0.5);
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-0.5 * ((i - radius) / sigma) ** 2),
  );
  const sum = weights.reduce((total, w) => total + w, 0);
  const kernel = new Float64Array(size);
  const centre = Math.floor(size / 2);
  weights.forEach((w, i) => {
    kernel[sourceIndex('symmetric', centre + i - radius, size)!]! += w / sum;
  });
  return kernel;
}

/** The matrix that correlates a line of samples, padded by half a kernel on both sides, with the kernel. */
export function blurMatrix(kernel: Float64Array, length: number, boundary: Boundary = 'reflect'): Matrix {
  const half = Math.floor(kernel.length / 2);
  const matrix = zeros(blurredLength(length, kernel.length), length);
  for (let row = 0; row < matrix.rows; row++) {
    kernel.forEach((weight, k) => {
      const source = sourceIndex(boundary, row + k - half, length);
      if (source !== null) matrix.data[row * length + source]! += weight;
    });
  }
  return matrix;
}

/** `length` for odd kernels, one more for even ones. */
export function blurredLength(length: number, kernelSize: number): number {
  return length + 2 * Math.floor(kernelSize / 2) - kernelSize + 1;
}
