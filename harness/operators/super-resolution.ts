import { upsampleNearest } from '../engine/ops.ts';
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
  const reduce = (length: number) => {
    const divides = length % factor === 0;
    return resizeMatrix(length, Math.ceil(length / factor), kernel, {
      ...options,
      ...(!divides && { scale: 1 / factor }),
    });
  };
  const rows = reduce(height);
  const columns = width === height ? rows : reduce(width);
  return {
    ...separableOperator('super-resolution', rows, columns),
    dpsTranspose: (y) => upsampleNearest(y, [height, width]),
  };
}
