import { type Boundary, sourceIndex } from './boundary.ts';
import { type Matrix, zeros } from './matrix.ts';

/** 0/1 matrix [before + length + after, length] that continues a line of samples; a zero outside is a row of zeros. */
export function continuation(boundary: Boundary, length: number, before: number, after: number): Matrix {
  const matrix = zeros(before + length + after, length);
  for (let row = 0; row < matrix.rows; row++) {
    const source = sourceIndex(boundary, row - before, length);
    if (source !== null) matrix.data[row * length + source] = 1;
  }
  return matrix;
}
