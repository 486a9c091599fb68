import { type Tensor, tf } from '../engine/tf.ts';
import { UserError } from '../errors.ts';
import { conjugateGradients } from './conjugate-gradients.ts';
import type { Operator } from './operator.ts';

/**
 * argmin_x ||y - A x||^2 + lambda ||x - x0||^2 by a fixed number of conjugate-gradient iterations on
 * (A^T A + lambda) x = A^T y + lambda x0 from x0, each image with its own step sizes. All of it happens among pictures
 * [B,C,H,W]; the measurement may be of any rank.
 * @throws UserError if A has no adjoint.
 */
export function proximalByCg(
  A: Operator,
  y: Tensor,
  x0: Tensor,
  lambda: Tensor | number,
  iterations: number,
): Tensor {
  const normal = (x: Tensor) => tf.add(adjoint(A, A.forward(x)), tf.mul(x, lambda));
  return conjugateGradients(normal, tf.add(adjoint(A, y), tf.mul(x0, lambda)), x0, iterations);
}

/** Iterations where an operator has no closed form. */
const CG_ITERATIONS = 5;

/** argmin_x ||y - A x||^2 + lambda ||x - x0||^2: in closed form where the operator has one, else by conjugate gradients. */
export function proximalMap(A: Operator, y: Tensor, x0: Tensor, lambda: Tensor | number): Tensor {
  return A.proximal ? A.proximal(y, x0, lambda) : proximalByCg(A, y, x0, lambda, CG_ITERATIONS);
}

/**
 * A^T y + x - A^T A x: the measurement where A sees it, x elsewhere (exactly so for orthonormal rows of A).
 * @param transpose another map than the adjoint to take for A^T
 */
export function glue(A: Operator, y: Tensor, x: Tensor, transpose = (r: Tensor) => adjoint(A, r)): Tensor {
  return tf.add(x, transpose(tf.sub(y, A.forward(x))));
}

/**
 * A^+ y of a linear operator.
 * @throws UserError if A has none.
 */
export function pseudoInverse(A: Operator, y: Tensor): Tensor {
  if (!A.pseudoInverse) throw new UserError(`operator ${A.name} has no pseudo-inverse`);
  return A.pseudoInverse(y);
}

/**
 * A^T y of a linear operator.
 * @throws UserError if A has none.
 */
export function adjoint(A: Operator, y: Tensor): Tensor {
  if (!A.adjoint) throw new UserError(`operator ${A.name} has no adjoint: the method needs a linear task`);
  return A.adjoint(y);
}

/**
 * A^T (A A^T + lambda)^-1 r, the picture of least norm that explains r up to noise of variance lambda; for lambda = 0 A^+ r,
 * or the first conjugate gradients towards it where A has no pseudo-inverse.
 * @throws UserError if A has no adjoint.
 */
export function regularisedInverse(A: Operator, r: Tensor, lambda: Tensor | number): Tensor {
  if (lambda === 0 && A.pseudoInverse) return A.pseudoInverse(r);
  const nothing = tf.zerosLike(adjoint(A, r));
  return lambda === 0 ? proximalByCg(A, r, nothing, 0, CG_ITERATIONS) : proximalMap(A, r, nothing, lambda);
}
