import { type Matrix, zeros } from './matrix.ts';

/** An interpolation kernel and the half-width of its support. */
export interface ResizeKernel {
  readonly weight: (distance: number) => number;
  readonly radius: number;
}

/** Keys' cubic with a = -0.5. */
export const cubic: ResizeKernel = {
  radius: 2,
  weight(distance) {
    const u = Math.abs(distance);
    if (u <= 1) return (1.5 * u - 2.5) * u * u + 1;
    return u <= 2 ? ((-0.5 * u + 2.5) * u - 4) * u + 2 : 0;
  },
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

/**
 * The matrix [outLength, inLength] that resizes a line of samples as MATLAB's imresize does: stretched kernel when
 * shrinking (antialiasing), taps normalised to sum 1, symmetric boundary (edge sample repeated). SOLVERS.md 10.3.
 */
export function resizeMatrix(inLength: number, outLength: number, { weight, radius }: ResizeKernel): Matrix {
  const matrix = zeros(outLength, inLength);
  const scale = outLength / inLength;
  const stretch = Math.min(scale, 1);
  const reach = radius / stretch;
  for (let row = 0; row < outLength; row++) {
    const centre = (row + 0.5) / scale - 0.5;
    const first = Math.floor(centre - reach);
    const taps = Array.from({ length: Math.ceil(2 * reach) + 2 }, (_, k) =>
      weight(stretch * (centre - first - k)),
    );
    const sum = taps.reduce((total, tap) => total + tap, 0);
    taps.forEach((tap, k) => {
      matrix.data[row * inLength + symmetric(first + k, inLength)]! += tap / sum;
    });
  }
  return matrix;
}

/** Index into a line mirrored with its edge samples repeated, period 2n. */
export function symmetric(index: number, length: number): number {
  const phase = ((index % (2 * length)) + 2 * length) % (2 * length);
  return phase < length ? phase : 2 * length - 1 - phase;
}
