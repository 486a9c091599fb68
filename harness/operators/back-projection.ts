import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from './operator.ts';
import { adjoint } from './proximal.ts';

/**
 * A few steps x + size A^T (y - A x) from x0 towards the measurement, with what public code takes for A^T: iterative
 * back-projection where that enlarges (Irani and Peleg, 1991).
 * @throws UserError if A has no adjoint.
 */
export function backProjection(A: Operator, y: Tensor, x0: Tensor, size: Tensor, steps: number): Tensor {
  let x = x0;
  for (let i = 0; i < steps; i++) {
    const residual = tf.sub(y, A.forward(x));
    x = tf.add(x, tf.mul(size, A.dpsTranspose?.(residual) ?? adjoint(A, residual)));
  }
  return x;
}
