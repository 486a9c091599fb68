import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { adjoint } from '../operators/proximal.ts';
import { reverseSteps } from './checked-parameters.ts';
import { type DdimAt, ddim, type Grid } from './parts/grids.ts';
import { defineSolver } from './solver.ts';

/** How many of N steps lie below t0. */
function stepsBelow({ steps, t0 }: { readonly steps: number; readonly t0: number }): number {
  return Math.max(1, Math.round(t0 * steps));
}

/** The last `count` steps of a grid, `repeats` times. */
function repeated<A>(grid: Grid<A>, count: number, repeats: number): Grid<A> {
  const part = grid.legs.slice(-count);
  return { ...grid, legs: Array.from({ length: repeats }, () => part).flat() };
}

/**
 * SDEdit (arXiv 2108.01073, Algorithms 4 and 5): a guide is noised to t0 and denoised, K times; known pixels are put back at
 * their level. As a method of restoration the guide is A^+ y, where A has no A^+ the measurement as a picture.
 */
export default defineSolver({
  name: 'sdedit',
  title: 'SDEdit',
  version: 1,
  paper: 'Meng, He, Song, Song, Wu, Zhu and Ermon, ICLR 2022 (arXiv 2108.01073)',
  requires: { pixels: true, linear: true },
  params: z.strictObject({
    steps: reverseSteps(1000),
    t0: z.number().positive().max(1).default(0.3).describe('where the guide enters, as a share of the times'),
    repeats: z.int().min(1).default(1).describe('K, how often it is noised and denoised'),
    keepKnown: z
      .boolean()
      .default(true)
      .describe('inpainting: put the known pixels back at each step (Algorithm 5); false: Algorithm 4'),
  }),
  passes: (p) => stepsBelow(p) * p.repeats,
  async solve({ y, A }, prior, p, run) {
    type S = { x: Tensor; x0: Tensor; e: Tensor };
    const { restrict } = A;
    /** a where a pixel is known, b elsewhere. */
    const known = (a: Tensor, b: Tensor) => (restrict && p.keepKnown ? tf.add(b, restrict(tf.sub(a, b))) : b);
    const noise = run.step((s: S, at: DdimAt) => ({ x: at.noised(s.x0, s.e) }));
    const denoise = run.step((s: S, at: DdimAt) => {
      const predicted = prior.predict(s.x, at.t);
      const x = at.ddim(at.clean(s.x, predicted), at.noise(s.x, predicted));
      return { x: known(at.noised(s.x0, s.e), x) };
    });
    const again = run.step((s: S, _: DdimAt, { e }: { e: Tensor }) => ({ x0: known(s.x0, s.x), e }));

    const x0 = tf.clone(A.pseudoInverse?.(y) ?? A.dpsTranspose?.(y) ?? adjoint(A, y));
    let s: S = { x: x0, x0, e: run.normal('initial', prior.shape) };
    let clean = true;
    for (const at of run.steps(repeated(ddim(prior, { steps: p.steps, eta: 1 }), stepsBelow(p), p.repeats))) {
      if (clean) s = await noise(s, at);
      s = await denoise(s, at);
      clean = at.next < 0;
      if (clean && at.n > 1) s = await again(s, at, { e: run.normal('initial', prior.shape) });
    }
    return s.x;
  },
});
