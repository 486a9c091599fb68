import type { Tensor } from '../engine/tf.ts';
import type { Matrix } from './matrix.ts';
import type { Projection } from './projection.ts';
import type { Svd } from './svd.ts';

/** A forward operator A of y = A(x) + n, on batches of images [B,C,H,W] in [-1,1]. Differentiable. */
export interface Operator {
  readonly name: string;
  readonly linear: boolean;
  /** A(x): [B,C,H,W] -> [B,...], of any rank; real numbers (phase retrieval measures magnitudes). */
  forward(x: Tensor): Tensor;
  /** A^T y, exact; linear operators only. */
  adjoint?(y: Tensor): Tensor;
  /** A^+ y, Moore and Penrose's pseudo-inverse; linear operators that have it in closed form. */
  pseudoInverse?(y: Tensor): Tensor;
  /** A = U S V^T; linear operators that have it in closed form. */
  readonly svd?: Svd;
  /** y at the size of pictures, as small pictures are usually enlarged: bicubic; operators that make pictures smaller. */
  enlarge?(y: Tensor): Tensor;
  /**
   * A picture that the measurement suggests, where public code takes one for A^+ y and there is no pseudo-inverse:
   * y / scale of an over-exposed picture, the inverse transform of phase retrieval's magnitudes.
   */
  guess?(y: Tensor): Tensor;
  /**
   * What DPS's and PSLD's public code takes for A^T where it is not the adjoint: y itself for blurs, nearest up-sampling
   * for super-resolution. Absent: the adjoint.
   */
  dpsTranspose?(y: Tensor): Tensor;
  /** Of operators that measure all parts of a picture equally well. */
  readonly projection?: Projection;
  /** argmin_x ||y - A x||^2 + lambda ||x - x0||^2 in closed form, where there is one. */
  proximal?(y: Tensor, x0: Tensor, lambda: Tensor | number): Tensor;
  /** Zeroes the entries of a noise array that A does not measure (the missing pixels); absent: it measures all. */
  restrict?(noise: Tensor): Tensor;
  /** A measurement that is no picture, drawn as one: [B,C,h,w] in [-1,1]. Absent: it is a picture. */
  shown?(y: Tensor): Tensor;
  /**
   * What was drawn for each image, [B,...]: the `mask` [B,1,H,W], 1 = observed; the `kernel` [B,1,k,k] that each image is
   * cross-correlated with. The operator owns them.
   */
  readonly drawn?: Readonly<Record<string, Tensor>>;
  /** Of what is a product with matrices: `left` and `right` of A(X) = left X right^T on each channel; `channels` [c,C] across them. */
  readonly matrices?: Readonly<Record<string, Matrix>>;
  /** Frees the operator's tensors (matrices, kernels, masks). */
  dispose(): void;
}
