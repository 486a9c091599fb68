import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { adjoint } from '../operators/proximal.ts';
import { reverseSteps } from './checked-parameters.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { type AncestralAt, ancestral } from './parts/grids.ts';
import { perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/**
 * MCG, manifold constrained gradients (arXiv 2206.00941, Algorithm 1): DPS's step, then a projection onto the measurement,
 * noised to the level that the step starts from as the public code does (the paper: where it lands).
 */
export default defineSolver({
  name: 'mcg',
  title: 'MCG',
  version: 1,
  paper: 'Chung, Sim, Ryu and Ye, NeurIPS 2022 (arXiv 2206.00941)',
  requires: { pixels: true, learnedVariance: true, linear: true },
  params: z.strictObject({
    steps: reverseSteps(1000, 2),
    alpha: perImage(z.number().min(0).default(1).describe('step size on the gradient of ||y - A x0||')),
  }),
  passes: (p) => p.steps,
  async solve({ y, A }, prior, p, run) {
    // What the public code takes for A^T: nearest up-sampling for super-resolution, the mask for inpainting.
    const transpose = (r: Tensor) => A.dpsTranspose?.(r) ?? adjoint(A, r);
    const step = run.step((s: { x: Tensor; x0: Tensor }, at: AncestralAt, { n }: { n: Tensor }) => {
      const { gradient, ...q } = gradientOf(s.x, (x) => {
        const q = at.posterior(x, prior.predict(x, at.t));
        return { ...q, loss: norm(tf.sub(y, A.forward(q.x0))) };
      });
      const x = tf.sub(at.draw(q), scaled(p.alpha, gradient));
      return { x: tf.add(x, transpose(tf.sub(at.noised(y, n), A.forward(x)))), x0: q.x0 };
    });

    const x = run.normal('initial', prior.shape);
    let s = { x, x0: x };
    for (const at of run.steps(ancestral(prior, p.steps)))
      s = await step(s, at, { n: run.normal('step', y.shape.slice(1)) });
    return s.x;
  },
});
