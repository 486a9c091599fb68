import { type Boundary, sourceIndex } from './boundary.ts';
import { type Matrix, zeros } from './matrix.ts';

/** An interpolation kernel and the half-width of its support. */
export interface ResizeKernel {
  readonly weight: (distance: number) => number;
  readonly radius: number;
}

/** Keys' cubic; Pillow takes a = -0.5. */
export function keysCubic(a: number): ResizeKernel {
  return {
    radius: 2,
    weight(distance) {
      const u = Math.abs(distance);
      if (u <= 1) return ((a + 2) * u - (a + 3)) * u * u + 1;
      return u <= 2 ? (((u - 5) * u + 8) * u - 4) * a : 0;
    },
  };
}

/** The usual one. */
export const cubic: ResizeKernel = keysCubic(-0.5);

/** Linear interpolation. */
export const triangle: ResizeKernel = {
  radius: 1,
  weight: (distance) => Math.max(0, 1 - Math.abs(distance)),
};

/** Windowed sinc over three lobes. */
export const lanczos: ResizeKernel = {
  radius: 3,
  weight(distance) {
    if (distance === 0) return 1;
    const u = Math.PI * distance;
    return Math.abs(distance) < 3 ? (3 * Math.sin(u) * Math.sin(u / 3)) / (u * u) : 0;
  },
};

/** By default as MATLAB's imresize. */
export interface ResizeOptions {
  /** Stretch the kernel when shrinking, so that it covers its radius in output samples; by default true. */
  readonly antialias?: boolean;
  /** What lies outside of the line; by default `symmetric`. */
  readonly boundary?: Boundary;
  /** Output samples per input sample, where it is not the quotient of the lengths: both then share their centre. */
  readonly scale?: number;
}

/**
 * The matrix [outLength, inLength] that resizes a line of samples as MATLAB's imresize does: stretched kernel when
 * shrinking (antialiasing), taps normalised to sum 1, symmetric boundary (edge sample repeated).
 */
export function resizeMatrix(
  inLength: number,
  outLength: number,
  { weight, radius }: ResizeKernel,
  { antialias = true, boundary = 'symmetric', scale: given }: ResizeOptions = {},
): Matrix {
  const matrix = zeros(outLength, inLength);
  const scale = given ?? outLength / inLength;
  const stretch = antialias ? Math.min(scale, 1) : 1;
  const reach = radius / stretch;
  const surplus = given === undefined ? 0 : outLength - inLength * given;
  for (let row = 0; row < outLength; row++) {
    const centre = (row + 0.5 - surplus / 2) / scale - 0.5;
    const first = Math.floor(centre - reach);
    const taps = Array.from({ length: Math.ceil(2 * reach) + 2 }, (_, k) =>
      weight(stretch * (centre - first - k)),
    );
    const sum = taps.reduce((total, tap) => total + tap, 0);
    taps.forEach((tap, k) => {
      const source = sourceIndex(boundary, first + k, inLength);
      if (source !== null) matrix.data[row * inLength + source]! += tap / sum;
    });
  }
  return matrix;
}
