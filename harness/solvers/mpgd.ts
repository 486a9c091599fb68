import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { reverseSteps } from './checked-parameters.ts';
import { norm } from './parts/gradients.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { type Levels, withLevels } from './parts/levels.ts';
import { perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/**
 * MPGD without projection, Algorithm 1 (arXiv 2311.16424): the clean estimate is moved against the gradient of
 * ||y - A x0|| with respect to x0 itself, so that nothing is differentiated through the network.
 */
export default defineSolver({
  name: 'mpgd',
  title: 'MPGD',
  version: 1,
  paper: 'He et al., ICLR 2024 (arXiv 2311.16424)',
  requires: { pixels: true },
  params: z.strictObject({
    steps: reverseSteps(100),
    eta: z.number().min(0).max(1).default(0.5).describe('stochasticity of DDIM; 0 is deterministic'),
    scale: perImage(z.number().min(0).default(10).describe('step size c on the gradient of ||y - A x0||')),
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe("public-code: x0 clipped to [-1,1], the noise that goes with it, step size c / sqrt(abar')"),
  }),
  passes: (p) => p.steps,
  async solve({ y, A }, prior, p, run) {
    const asCode = p.variant === 'public-code';
    const misfit = (x0: Tensor) => tf.sum(norm(tf.sub(y, A.forward(x0))));
    const step = run.step(({ x }: { x: Tensor; x0: Tensor }, at: DdimAt & Levels) => {
      const predicted = prior.predict(x, at.t);
      const estimate = at.clean(x, predicted);
      const x0 = asCode ? tf.clipByValue(estimate, -1, 1) : estimate;
      const e = asCode ? at.noiseOf(x, x0) : at.noise(x, predicted);
      const c = asCode ? tf.div(p.scale, at.to.signal) : p.scale;
      return { x: at.ddim(tf.sub(x0, scaled(c, tf.grad(misfit)(x0))), e), x0 };
    });

    const x = run.normal('initial', prior.shape);
    let s = { x, x0: x };
    for (const at of run.steps(withLevels(prior, ddim(prior, p)))) s = await step(s, at);
    return s.x;
  },
});
