/** Moving an estimate towards the measurement in pixel space (SOLVERS.md 1.3, 1.6, 3.3). */
import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from '../operators/operator.ts';
import { adjoint, proximalByCg } from '../operators/proximal.ts';
import type { LatentPrior } from '../priors/prior.ts';
import type { InverseProblem } from '../tasks/task.ts';
import type { P2lParams } from './p2l-params.ts';

/**
 * A^T y + x - A^T A x: the measurement where A sees it, x elsewhere (exactly so for orthonormal rows of A).
 * @param transpose another map than the adjoint to take for A^T
 */
export function glue(A: Operator, y: Tensor, x: Tensor, transpose = (r: Tensor) => adjoint(A, r)): Tensor {
  return tf.add(x, transpose(tf.sub(y, A.forward(x))));
}

/**
 * What P2L's step (c) makes of an estimate: E(clip(x')) with x' the picture that `projection` names. `posterior` is the
 * Gaussian [B,c,h,w] of a sampled encoding; an encoding by the mean does not look at it.
 */
export function rangeProjection(
  { y, A }: InverseProblem,
  prior: LatentPrior,
  p: Pick<P2lParams, 'projection' | 'proxSolver' | 'cgIters' | 'encodeMode'>,
): (z0: Tensor, lambda: Tensor, posterior: Tensor) => Tensor {
  const picture: Record<P2lParams['projection'], (x: Tensor, lambda: Tensor) => Tensor> = {
    proximal: (x, lambda) =>
      p.proxSolver === 'closed' && A.proximal
        ? A.proximal(y, x, lambda)
        : proximalByCg(A, y, x, lambda, p.cgIters),
    gluing: (x) => glue(A, y, x),
    're-encode': (x) => x,
  };
  return (z0, lambda, posterior) => {
    const x = tf.clipByValue(picture[p.projection](prior.decode(z0), lambda), -1, 1);
    return p.encodeMode === 'sample' ? prior.encodeSample(x, posterior) : prior.encode(x);
  };
}
