import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { conjugateGradients } from '../operators/conjugate-gradients.ts';
import { differences, differencesAdjoint } from '../operators/differences.ts';
import { adjoint } from '../operators/proximal.ts';
import { innerIterations } from './checked-parameters.ts';
import { iterations } from './parts/iterations.ts';
import { defineSolver } from './solver.ts';

/** Shortens each pixel's pair of differences v [B,2C,H,W] by t, to 0 where it is shorter (the proximal map of t ||.||). */
function shrink(v: Tensor, t: number): Tensor {
  const [down, across] = tf.split(v, 2, 1) as [Tensor, Tensor];
  const length = tf.sqrt(tf.add(tf.square(down), tf.square(across)));
  const factor = tf.div(tf.relu(tf.sub(length, t)), tf.maximum(length, 1e-12));
  return tf.mul(v, tf.concat([factor, factor], 1));
}

/**
 * argmin_x 1/2 ||y - A x||^2 + lambda TV(x) (Rudin, Osher and Fatemi, Physica D 60, 1992; isotropic, each channel on its own)
 * by ADMM with d = grad x (Boyd et al., Foundations and Trends in Machine Learning 3, 2011, section 3.1.1).
 */
export default defineSolver({
  name: 'total-variation',
  title: 'TV',
  version: 1,
  paper: 'Rudin, Osher and Fatemi, Physica D 60, 1992; ADMM: Boyd et al., 2011',
  requires: { linear: true },
  params: z.strictObject({
    lambda: z.number().positive().default(0.02).describe('weight of the total variation'),
    rho: z.number().positive().default(0.2).describe('penalty of d apart from the differences of x'),
    iterations: innerIterations(100, 'iterations of ADMM'),
    cgSteps: z.int().min(1).max(100).default(5).describe('conjugate gradients in each, from the last x'),
  }),
  passes: () => 0,
  async solve({ y, A }, prior, p, run) {
    const normal = (x: Tensor) =>
      tf.add(adjoint(A, A.forward(x)), tf.mul(p.rho, differencesAdjoint(differences(x))));
    const Aty = adjoint(A, y);
    type S = { x: Tensor; d: Tensor; u: Tensor };
    const step = run.step((s: S) => {
      const b = tf.add(Aty, tf.mul(p.rho, differencesAdjoint(tf.sub(s.d, s.u))));
      const x = conjugateGradients(normal, b, s.x, p.cgSteps);
      const v = tf.add(differences(x), s.u);
      const d = shrink(v, p.lambda / p.rho);
      return { x, d, u: tf.sub(v, d) };
    });

    const [channels, height, width] = prior.imageShape;
    const none = tf.zeros([run.batch, 2 * channels, height, width]);
    let s: S = { x: tf.clone(Aty), d: none, u: tf.clone(none) };
    for (const at of run.steps(iterations(p.iterations))) s = await step(s, at);
    return s.x;
  },
});
