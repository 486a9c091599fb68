import { type Tensor, tf } from '../engine/tf.ts';
import { type Matrix, multiply, sandwich, sandwichAdjoint, toTensor, transpose, zeros } from './matrix.ts';
import { once } from './once.ts';
import type { Svd } from './svd.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** A product of singular values below this share of the largest counts as 0: noise, or float32, hides the component. */
const NOTHING = 1e-3;

/** The same of one side, whose left vectors could not be told any more. */
const NOTHING_OF_A_SIDE = 1e-6;

/** The decomposition of X -> L X R^T: the singular values are the products of those of L and R. */
export function separableSvd(left: Matrix, right: Matrix): Svd {
  // On the host only: a first use may lie inside a step that is being traced, whose tensors do not outlive it.
  const sides = once(() => {
    const rows = matrixSvd(left);
    return { rows, columns: right === left ? rows : matrixSvd(right) };
  });
  const values = () => {
    const { rows, columns } = sides();
    const products = Array.from(rows.values, (s) => Array.from(columns.values, (t) => s * t));
    const least = NOTHING * Math.max(...products.flat());
    return tf.tensor2d(products.map((row) => row.map((value) => (value < least ? 0 : value))));
  };
  return {
    values,
    vt: (x) => sandwichAdjoint(toTensor(sides().rows.v), x, toTensor(sides().columns.v)),
    v: (c) => sandwich(toTensor(sides().rows.v), c, toTensor(sides().columns.v)),
    ut(y: Tensor) {
      const all = sandwichAdjoint(toTensor(sides().rows.u), y, toTensor(sides().columns.u));
      return tf.mul(tf.step(values()), all);
    },
  };
}

interface SideSvd {
  readonly values: Float64Array;
  /** [n, n]. */
  readonly v: Matrix;
  /** [m, n]: a column of zeros where the value is 0. */
  readonly u: Matrix;
}

/** Of a matrix [m, n], from the eigenvectors of its Gram matrix [n, n]. */
function matrixSvd(matrix: Matrix): SideSvd {
  const { values: squares, vectors: v } = symmetricEigen(multiply(transpose(matrix), matrix));
  const roots = squares.map((square) => Math.sqrt(Math.max(square, 0)));
  const least = NOTHING_OF_A_SIDE * Math.max(...roots);
  const values = roots.map((root) => (root < least ? 0 : root));
  const images = multiply(matrix, v);
  const u = zeros(matrix.rows, matrix.columns);
  for (let i = 0; i < u.rows; i++)
    for (let j = 0; j < u.columns; j++) {
      const at = i * u.columns + j;
      u.data[at] = values[j]! === 0 ? 0 : images.data[at]! / values[j]!;
    }
  return { values, v, u };
}
