import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { type Matrix, zeros } from './matrix.ts';
import type { Operator } from './operator.ts';

/**
 * A = U S V^T with orthonormal U and V. Coefficients are laid out as a picture, [B,C,H,W], one for each component of a picture
 * in whatever order the operator likes: methods work on them component by component.
 */
export interface Svd {
  /** S: the singular values, of a shape that broadcasts to [B,C,H,W]; 0 where A does not see the component. */
  values(): Tensor;
  /** V^T x: [B,C,H,W] -> [B,C,H,W]. */
  vt(x: Tensor): Tensor;
  /** V c, its inverse. */
  v(c: Tensor): Tensor;
  /** U^T y: [B,...] -> [B,C,H,W]; 0 where S is 0. */
  ut(y: Tensor): Tensor;
}

/**
 * The singular value decomposition of a linear operator.
 * @throws UserError if A has none.
 */
export function svdOf(A: Operator): Svd {
  if (!A.svd) throw new UserError(`operator ${A.name} has no singular value decomposition`);
  return A.svd;
}

/** An orthonormal matrix [n, n] whose first column is the unit vector `first`: a Householder reflection. */
export function basisFrom(first: readonly number[]): Matrix {
  const n = first.length;
  const basis = zeros(n, n);
  const w = first.map((value, i) => value - (i === 0 ? 1 : 0));
  const square = w.reduce((sum, value) => sum + value * value, 0);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      basis.data[i * n + j] = (i === j ? 1 : 0) - (square === 0 ? 0 : (2 * w[i]! * w[j]!) / square);
  return basis;
}

/** A tensor that is `value` at the first of `count` places along an axis of its own shape, and 0 at the others. */
export function atFirst(value: number, count: number): Tensor {
  return tf.tensor1d([value, ...new Array<number>(count - 1).fill(0)]);
}
