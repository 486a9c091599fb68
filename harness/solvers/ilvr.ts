import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { pseudoInverse } from '../operators/proximal.ts';
import { reverseSteps } from './checked-parameters.ts';
import { type AncestralAt, ancestral } from './parts/grids.ts';
import { defineSolver } from './solver.ts';

/**
 * ILVR, Algorithm 1 (arXiv 2108.02938): after each ancestral step the low-pass part phi(x) = up(A x) of the sample is replaced
 * by that of the reference, noised. The paper's reference is known by its reduction alone, so that y is all it takes.
 */
export default defineSolver({
  name: 'ilvr',
  title: 'ILVR',
  version: 1,
  paper: 'Choi, Kim, Jeong, Gwon and Yoon, ICCV 2021 (arXiv 2108.02938)',
  requires: { pixels: true, learnedVariance: true, pseudoInverse: true },
  params: z.strictObject({
    steps: reverseSteps(100, 2),
    freeSteps: z.int().min(0).default(0).describe('steps at the end that do not look at the reference'),
    noisedTo: z
      .enum(['landing', 'start'])
      .default('landing')
      .describe("level of the reference's noise: where the step lands (paper) or starts from (public code)"),
  }),
  passes: (p) => p.steps,
  async solve({ y, A }, prior, p, run) {
    const up = (r: Tensor) => A.enlarge?.(r) ?? pseudoInverse(A, r);
    const sample = run.step((s: { x: Tensor; x0: Tensor }, at: AncestralAt) => {
      const q = at.posterior(s.x, prior.predict(s.x, at.t));
      return { x: at.draw(q), x0: q.x0 };
    });
    const refine = run.step(({ x }: { x: Tensor; x0: Tensor }, at: AncestralAt, { n }: { n: Tensor }) => {
      const noised = p.noisedTo === 'landing' ? at.noisedNext : at.noised;
      return { x: tf.add(x, up(tf.sub(noised(y, A.forward(n)), A.forward(x)))) };
    });

    const x = run.normal('initial', prior.shape);
    let s = { x, x0: x };
    for (const at of run.steps(ancestral(prior, p.steps))) {
      s = await sample(s, at);
      if (at.n > p.freeSteps) s = await refine(s, at, { n: run.normal('step', prior.shape) });
    }
    return s.x;
  },
});
