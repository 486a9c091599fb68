import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';

/** A(x) + sigma n with n standard normal: noise falls on what A measures only, so a missing pixel stays 0. */
export function withNoise(A: Operator, clean: Tensor, gaussian: Tensor, sigma: number): Tensor {
  return tf.add(clean, tf.mul(A.restrict ? A.restrict(gaussian) : gaussian, sigma));
}

/** Photons that white gives at rate 1: the grey levels of 8 bits. */
const WHITE = 255;

/** Standard deviation of Poisson noise where a pixel is mid-grey, for images in [-1,1]. */
export function poissonSigma(rate: number): number {
  return 2 * Math.sqrt(0.5 / (WHITE * rate));
}

/**
 * Photon counts of the measurement, P(255 rate (A(x) + 1) / 2) brought back to [-1,1] and clipped there (DPS's public code,
 * noise `poisson`). A missing pixel stays 0.
 * @param uniforms numbers in [0,1), for each image of the batch
 */
export async function withPoissonNoise(
  A: Operator,
  clean: Tensor,
  uniforms: readonly (() => number)[],
  rate: number,
): Promise<Tensor> {
  const means = (await clean.data()) as Float32Array;
  const size = means.length / uniforms.length;
  const counted = means.map((value, i) => {
    const mean = ((Math.min(Math.max(value, -1), 1) + 1) / 2) * WHITE * rate;
    const count = poisson(mean, uniforms[Math.floor(i / size)]!);
    return Math.min((2 * count) / (WHITE * rate) - 1, 1);
  });
  const y = tf.tensor(counted, clean.shape);
  return A.restrict ? A.restrict(y) : y;
}

/** e^-m stays far above float64's smallest number. */
const LARGEST_MEAN = 500;

/** A Poisson number by inversion of its distribution; a large mean as a sum of smaller ones. */
export function poisson(mean: number, next: () => number): number {
  if (mean > LARGEST_MEAN) return poisson(LARGEST_MEAN, next) + poisson(mean - LARGEST_MEAN, next);
  const u = next();
  let count = 0;
  let probability = Math.exp(-mean);
  // Where rounding keeps the sum below u, the probability has run out.
  for (let sum = probability; sum <= u && probability > 0; sum += probability) probability *= mean / ++count;
  return count;
}
