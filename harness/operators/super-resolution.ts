import { UserError } from '../errors.ts';
import type { Operator } from './operator.ts';
import { cubic, resizeMatrix } from './resize-matrix.ts';
import { separableOperator } from './separable.ts';

/**
 * Antialiased bicubic down-sampling by a whole factor, [B,C,H,W] -> [B,C,H/f,W/f] (DPS's Resizer, SOLVERS.md 10.3).
 * @throws UserError if the factor does not divide the image's sides.
 */
export function superResolution(
  factor: number,
  [, height, width]: readonly [number, number, number],
): Operator {
  if (height % factor !== 0 || width % factor !== 0) {
    throw new UserError(
      `super-resolution: factor ${factor} does not divide the image size ${height}x${width}`,
    );
  }
  const rows = resizeMatrix(height, height / factor, cubic);
  const columns = width === height ? rows : resizeMatrix(width, width / factor, cubic);
  return separableOperator('super-resolution', rows, columns);
}
