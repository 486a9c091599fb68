import { blurMatrix } from './gaussian-blur.ts';
import type { Operator } from './operator.ts';
import { separableOperator } from './separable.ts';

/**
 * Cross-correlation with the product of two kernels of odd lengths under reflection padding, [B,C,H,W] -> [B,C,H,W]. Its
 * singular values fall to nothing, so that a pseudo-inverse would blow the noise up: it has none.
 * @param down along the height
 * @param across along the width
 */
export function separableBlur(
  down: Float64Array,
  across: Float64Array,
  [, height, width]: readonly [number, number, number],
): Operator {
  const { pseudoInverse: _, ...blur } = separableOperator(
    'separable-blur',
    blurMatrix(down, height),
    blurMatrix(across, width),
  );
  return { ...blur, dpsTranspose: (y) => y };
}

/** `size` equal weights that sum to 1. */
export function uniformKernel(size: number): Float64Array {
  return new Float64Array(size).fill(1 / size);
}

/** exp(-d^2 / (2 sigma^2)) at d = -(size - 1) / 2 .. (size - 1) / 2, normalised. */
export function sampledGaussian(size: number, sigma: number): Float64Array {
  const weights = Float64Array.from({ length: size }, (_, i) =>
    Math.exp(-0.5 * ((i - (size - 1) / 2) / sigma) ** 2),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
