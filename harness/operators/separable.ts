import { type Tensor, type Tensor2D, tf } from '../engine/tf.ts';
import { type Matrix, multiply, sandwich, sandwichAdjoint, toTensor, transpose } from './matrix.ts';
import { once } from './once.ts';
import type { Operator } from './operator.ts';
import { separableSvd } from './separable-svd.ts';
import { type Eigen, symmetricEigen } from './symmetric-eigen.ts';

/**
 * A(X) = L X R^T on each channel, for images [B,C,H,W] with L [H',H] and R [W',W]. Square images may
 * give the same matrix object twice, which saves half of the set-up.
 *
 * With L L^T = U S U^T and R R^T = V T V^T its proximal map has the closed form
 * x0 + A^T (A A^T + lambda)^-1 (y - A x0), and (A A^T + lambda)^-1 r = U [(U^T r V) / (s_i t_j + lambda)] V^T. So has its
 * pseudo-inverse A^T (A A^T)^-1 y, of use where A A^T is well conditioned: where it is not, leave it out.
 */
export function separableOperator(
  name: string,
  left: Matrix,
  right: Matrix,
): Operator & Required<Pick<Operator, 'pseudoInverse' | 'svd'>> {
  const [l, r] = [toTensor(left), toTensor(right)];
  // On the host only: a first use may lie inside a step that is being traced, whose tensors do not outlive it.
  const eigen = once(() => {
    const rows = gramEigen(left);
    return { rows, columns: right === left ? rows : gramEigen(right) };
  });
  const forward = (x: Tensor) => sandwich(l, x, r);
  const adjoint = (y: Tensor) => sandwichAdjoint(l, y, r);
  /** (A A^T + lambda)^-1 r. */
  const solve = (r: Tensor, lambda: Tensor | number) => {
    const { rows, columns } = eigen();
    const [u, v] = [toTensor(rows.vectors), toTensor(columns.vectors)];
    const spectrum = outer(rows.values, columns.values);
    return sandwich(u, tf.div(sandwichAdjoint(u, r, v), tf.add(spectrum, lambda)), v);
  };
  return {
    name,
    linear: true,
    forward,
    adjoint,
    matrices: { left, right },
    pseudoInverse: (y) => adjoint(solve(y, 0)),
    svd: separableSvd(left, right),
    proximal: (y, x0, lambda) => tf.add(x0, adjoint(solve(tf.sub(y, forward(x0)), lambda))),
    dispose: () => tf.dispose([l, r]),
  };
}

export function gramEigen(matrix: Matrix): Eigen {
  return symmetricEigen(multiply(matrix, transpose(matrix)));
}

/** The eigenvalues s_i t_j of A A^T; rounding may have left tiny negative ones. */
function outer(s: Float64Array, t: Float64Array): Tensor2D {
  const values = Array.from(s, (si) => Array.from(t, (tj) => Math.max(0, si) * Math.max(0, tj)));
  return tf.tensor2d(values);
}
