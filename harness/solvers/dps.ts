import { z } from 'zod';
import { tf } from '../engine/tf.ts';
import { ddpmStepAt, ddpmTables } from '../priors/ddpm.ts';
import { REVERSE_STEPS } from './checked-parameters.ts';
import { type DpsStepInput, dpsStep } from './dps-step.ts';
import { norm } from './norms.ts';
import { replace } from './replace.ts';
import { defineSolver } from './solver.ts';

/**
 * DPS, diffusion posterior sampling (arXiv 2209.14687, Algorithm 1; SOLVERS.md 4.1): ancestral sampling with the learned
 * variance, each sample moved against the gradient of ||y - A x0|| through the network. Linear and nonlinear tasks.
 */
export default defineSolver({
  name: 'dps',
  version: 1,
  paper: 'Chung et al., ICLR 2023 (arXiv 2209.14687)',
  requires: { pixel: true },
  params: z.strictObject({
    steps: z
      .number()
      .int()
      .min(2)
      .default(1000)
      .meta({ description: 'number of reverse steps N, evenly spaced', ...REVERSE_STEPS }),
    zeta: z
      .number()
      .min(0)
      .default(1)
      .describe("step size on the gradient of ||y - A x0||, the paper's zeta' (public code: 0.3 to 1)"),
  }),
  async solve({ y, A }, prior, p, ctx) {
    const tables = ddpmTables(prior.betas, { method: 'sections', counts: [p.steps] });
    const step = ctx.compile((s: DpsStepInput) => {
      const misfit = (x0: Parameters<typeof A.forward>[0]) => norm(tf.sub(y, A.forward(x0)));
      const { next } = dpsStep(s, { predict: prior.predict, misfit, clipDenoised: true });
      return { x: next };
    });

    let state = { x: ctx.normal('initial', prior.imageShape) };
    for (let index = p.steps - 1; index >= 0; index--) {
      const gaussian = index > 0 ? ctx.normal('step', prior.imageShape) : tf.zerosLike(state.x);
      const at = ddpmStepAt(tables, index);
      const input = { x: state.x, t: tables.timestepMap[index]!, at, gaussian, scale: p.zeta };
      state = replace({ ...state, gaussian }, await step(input));
      ctx.count({ unetForward: 1, unetBackward: 1 });
      ctx.progress(p.steps - index, p.steps);
    }
    return state.x;
  },
});
