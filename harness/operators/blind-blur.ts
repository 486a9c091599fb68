import { type Tensor, tf } from '../engine/tf.ts';
import type { Boundary } from './boundary.ts';
import { kernelBlur } from './kernel-blur.ts';
import type { Law, OperatorFamily, Unknown } from './operator-family.ts';
import { warp } from './warp.ts';

/** Less than any kernel's sum: keeps an empty one from dividing by nothing. */
const TINY = 1e-8;

/** A blur kernel of unknown shape, and what is known of it; codes have values in [-1,1], the darkest -1. */
export interface KernelOptions {
  readonly size: number;
  readonly law: Law;
  readonly boundary: Boundary;
}

/** Blurs by a kernel [B,1,k,k] that is not known. */
export function blindBlur(
  { size, law, boundary }: KernelOptions,
  imageShape: readonly [number, number, number],
): OperatorFamily {
  const blur = kernelBlur(size, imageShape, boundary);
  return {
    name: 'blind-blur',
    unknowns: { kernel: kernelUnknown(size, law) },
    forward: (x, { kernel }) => blur(x, kernel),
  };
}

/**
 * Imaging through turbulence (Chan, arXiv 2204.06989, section 3): what falls on a pixel comes from a place that is tilted
 * away from it, and is then blurred.
 * @param tiltLaw of the tilt [B,2,H,W] in units of `reach` pixels
 */
export function turbulence(
  { size, law, boundary }: KernelOptions,
  { reach, law: tiltLaw }: { readonly reach: number; readonly law: Law },
  imageShape: readonly [number, number, number],
): OperatorFamily {
  const blur = kernelBlur(size, imageShape, boundary);
  const [, height, width] = imageShape;
  return {
    name: 'turbulence',
    unknowns: {
      kernel: kernelUnknown(size, law),
      tilt: { shape: [2, height, width], decode: (code) => tf.mul(code, reach), law: tiltLaw },
    },
    forward: (x, { kernel, tilt }) => blur(warp(x, tilt!), kernel),
  };
}

function kernelUnknown(size: number, law: Law): Unknown {
  return { shape: [1, size, size], decode: normalised, law };
}

/** The kernel of a code: (code + 1) / 2, over its sum. */
function normalised(code: Tensor): Tensor {
  const weights = tf.div(tf.add(code, 1), 2);
  return tf.div(weights, tf.maximum(tf.sum(weights, [1, 2, 3], true), TINY));
}

/** The code of kernels [N,1,k,k]: their brightest pixel is 1, an empty one -1. */
export function kernelCode(kernels: Tensor): Tensor {
  return tf.sub(tf.mul(tf.div(kernels, tf.max(kernels, [1, 2, 3], true)), 2), 1);
}
