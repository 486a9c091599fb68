import { upsampleNearest } from '../engine/ops.ts';
import { sandwich, toTensor } from './matrix.ts';
import type { Operator } from './operator.ts';
import { cubic, type ResizeKernel, type ResizeOptions, resizeMatrix } from './resize-matrix.ts';
import { separableOperator } from './separable.ts';

export interface Reduction extends Omit<ResizeOptions, 'scale'> {
  readonly kernel?: ResizeKernel;
}

/**
 * Antialiased bicubic down-sampling by a whole factor, [B,C,H,W] -> [B,C,H/f,W/f], rounded up (DPS's Resizer).
 */
export function superResolution(
  factor: number,
  [, height, width]: readonly [number, number, number],
  { kernel = cubic, ...options }: Reduction = {},
): Operator {
  const small = (length: number) => Math.ceil(length / factor);
  const scaled = (length: number, scale: number) => ({ ...options, ...(length % factor !== 0 && { scale }) });
  const reduce = (length: number) => resizeMatrix(length, small(length), kernel, scaled(length, 1 / factor));
  const enlarge = (length: number) =>
    toTensor(resizeMatrix(small(length), length, kernel, scaled(length, factor)));
  const rows = reduce(height);
  const columns = width === height ? rows : reduce(width);
  return {
    ...separableOperator('super-resolution', rows, columns),
    enlarge: (y) => sandwich(enlarge(height), y, enlarge(width)),
    dpsTranspose: (y) => upsampleNearest(y, [height, width]),
  };
}
