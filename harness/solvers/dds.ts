import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { conjugateGradients } from '../operators/conjugate-gradients.ts';
import { adjoint } from '../operators/proximal.ts';
import type { Leg } from '../priors/schedule.ts';
import { reverseSteps } from './checked-parameters.ts';
import { type DdimAt, ddim, type Grid } from './parts/grids.ts';
import { perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/** The public code hands the estimate on, without noise, where a step lands on t = 0. */
function landingCleanAtZero(grid: Grid<DdimAt>): Grid<DdimAt> {
  const clean = (leg: Leg) => (leg.next === 0 ? { ...leg, next: -1 } : leg);
  return { ...grid, coefficients: (legs) => grid.coefficients(legs.map(clean)) };
}

/** DDS, decomposed diffusion sampling (arXiv 2303.05754, Algorithm 1): a few conjugate gradients on each clean estimate. */
export default defineSolver({
  name: 'dds',
  title: 'DDS',
  version: 1,
  paper: 'Chung, Lee and Ye, ICLR 2024 (arXiv 2303.05754)',
  requires: { pixels: true, linear: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    eta: z.number().min(0).max(1).default(0.85).describe('share of fresh noise in the noise of each step'),
    cgSteps: z.int().min(1).default(5).describe('M, iterations of conjugate gradients'),
    gamma: perImage(
      z
        .number()
        .positive()
        .default(5)
        .describe('weight of ||y - A x||^2; without noise x0 counts for nothing'),
    ),
  }),
  passes: (p) => p.steps,
  async solve({ y, A, sigma }, prior, p, run) {
    const gram = (x: Tensor) => adjoint(A, A.forward(x));
    const Aty = adjoint(A, y);
    const fitted = (x0: Tensor) =>
      sigma === 0
        ? conjugateGradients(gram, Aty, x0, p.cgSteps)
        : conjugateGradients(
            (x) => tf.add(x, scaled(p.gamma, gram(x))),
            tf.add(x0, scaled(p.gamma, Aty)),
            x0,
            p.cgSteps,
          );
    const step = run.step((s: { x: Tensor; x0: Tensor }, at: DdimAt) => {
      const predicted = prior.predict(s.x, at.t);
      const x0 = at.clean(s.x, predicted);
      return { x: at.ddim(fitted(x0), at.noise(s.x, predicted)), x0 };
    });

    const grid = landingCleanAtZero(ddim(prior, p, (_, next) => p.eta * next.noise));
    const x = run.normal('initial', prior.shape);
    let s = { x, x0: x };
    for (const at of run.steps(grid)) s = await step(s, at);
    return s.x;
  },
});
