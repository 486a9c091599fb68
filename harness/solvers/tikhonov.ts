import { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import { tf } from '../engine/tf.ts';
import { conjugateGradients } from '../operators/conjugate-gradients.ts';
import { differences, differencesAdjoint } from '../operators/differences.ts';
import { adjoint } from '../operators/proximal.ts';
import { defineSolver } from './solver.ts';

/**
 * argmin_x ||y - A x||^2 + lambda ||grad x||^2 by conjugate gradients on (A^T A + lambda grad^T grad) x = A^T y. Where A is a
 * convolution this is Wiener's filter for pictures whose power falls with the square of the frequency.
 */
export default defineSolver({
  name: 'tikhonov',
  title: 'Tikhonov',
  version: 1,
  paper: 'Tikhonov, Soviet Mathematics Doklady 4, 1963; without a prior of its own',
  requires: { linear: true },
  params: z.strictObject({
    lambda: z
      .number()
      .positive()
      .default(0.01)
      .describe('weight of the squared differences between neighbours'),
    cgSteps: z.int().min(1).max(500).default(100).describe('iterations of conjugate gradients'),
  }),
  passes: () => 0,
  async solve({ y, A }, _prior, p, run) {
    const normal = (x: Tensor) =>
      tf.add(adjoint(A, A.forward(x)), tf.mul(p.lambda, differencesAdjoint(differences(x))));
    const minimise = run.compile(({ y }: { y: Tensor }) => {
      const b = adjoint(A, y);
      return { x: conjugateGradients(normal, b, tf.zerosLike(b), p.cgSteps) };
    });
    const { x } = await minimise({ y });
    run.progress(1, 1);
    return x;
  },
});
