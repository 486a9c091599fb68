import type { Tensor } from '../engine/tf.ts';
import type { Boundary } from './boundary.ts';
import { continuation } from './continuation.ts';
import { correlate, kernelSpread } from './correlation.ts';
import { sandwich, toTensor } from './matrix.ts';

/**
 * Cross-correlation of each image [B,C,H,W] with its own kernel [B,1,k,k], which a gradient goes through too. An even kernel
 * reaches one pixel further down and to the right ('same' of PyTorch).
 */
export function kernelBlur(
  size: number,
  [, height, width]: readonly [number, number, number],
  boundary: Boundary,
): (x: Tensor, kernel: Tensor) => Tensor {
  const [before, after] = [Math.floor((size - 1) / 2), Math.floor(size / 2)];
  const padding = (length: number) => toTensor(continuation(boundary, length, before, after));
  const [rows, columns] = [padding(height), padding(width)];
  const spread = kernelSpread(size);
  return (x, kernel) => correlate(sandwich(rows, x, columns), spread.weights(kernel));
}
