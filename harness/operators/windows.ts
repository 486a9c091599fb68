import { type Boundary, sourceIndex } from './boundary.ts';
import { type Matrix, zeros } from './matrix.ts';

/** Windows of `size` samples over a line of `length`: the first begins `before` samples ahead of it. */
export interface Windows {
  readonly size: number;
  readonly before: number;
  readonly count: number;
  readonly length: number;
  readonly boundary: Boundary;
}

/** As many windows as samples, where an even window reaches one further behind ('same' of PyTorch). */
export function sameWindows(size: number, length: number, boundary: Boundary): Windows {
  return { size, before: Math.floor((size - 1) / 2), count: length, length, boundary };
}

/** 0/1 matrix [count*size, length] whose row (i,k) picks the sample at i + k - before; a zero outside picks none. */
export function windowSelection({ size, before, count, length, boundary }: Windows): Matrix {
  const matrix = zeros(count * size, length);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) {
      const source = sourceIndex(boundary, i + k - before, length);
      if (source !== null) matrix.data[(i * size + k) * length + source] = 1;
    }
  }
  return matrix;
}
