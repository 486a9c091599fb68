/** Discrete Fourier transforms as products with small real matrices, which every device computes and differentiates. */
import { type Matrix, zeros } from './matrix.ts';

/** Normalisation of the transform by the names of numpy.fft: 1/sqrt(N), 1/N or 1. */
export type FourierNorm = 'ortho' | 'forward' | 'backward';

/** What the transform of a line of `count` samples is multiplied by. */
export function fourierFactor(norm: FourierNorm, count: number): number {
  return { ortho: 1 / Math.sqrt(count), forward: 1 / count, backward: 1 }[norm];
}

/** Real part and negative imaginary part of the transform of a line with `pad` zeros at both ends, [N, length]. */
export function fourierMatrices(
  length: number,
  pad: number,
  { norm, centred }: { readonly norm: FourierNorm; readonly centred: boolean },
): { cos: Matrix; sin: Matrix } {
  const count = length + 2 * pad;
  const origin = centred ? Math.floor(count / 2) : 0;
  const factor = fourierFactor(norm, count);
  const [cos, sin] = [zeros(count, length), zeros(count, length)];
  for (let k = 0; k < count; k++) {
    for (let n = 0; n < length; n++) {
      // Whole turns are left out before the angle is rounded.
      const angle = (2 * Math.PI * (((k - origin) * (n + pad - origin)) % count)) / count;
      cos.data[k * length + n] = factor * Math.cos(angle);
      sin.data[k * length + n] = factor * Math.sin(angle);
    }
  }
  return { cos, sin };
}
