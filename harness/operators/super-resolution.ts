import { upsampleNearest } from '../engine/ops.ts';
import type { Operator } from './operator.ts';
import { cubic, resizeMatrix } from './resize-matrix.ts';
import { separableOperator } from './separable.ts';

/**
 * Antialiased bicubic down-sampling by a whole factor, [B,C,H,W] -> [B,C,H/f,W/f] (DPS's Resizer, SOLVERS.md 10.3).
 * @param factor divides both sides
 */
export function superResolution(
  factor: number,
  [, height, width]: readonly [number, number, number],
): Operator {
  const rows = resizeMatrix(height, height / factor, cubic);
  const columns = width === height ? rows : resizeMatrix(width, width / factor, cubic);
  return {
    ...separableOperator('super-resolution', rows, columns),
    dpsTranspose: (y) => upsampleNearest(y, [height, width]),
  };
}
