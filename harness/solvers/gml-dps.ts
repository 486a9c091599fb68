import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { type LatentStepInput, latentStep } from './latent-step.ts';
import { norm } from './norms.ts';
import { conditional, samePrompt } from './prompts.ts';
import { replace } from './replace.ts';
import { eta, reverseSteps, steps } from './reverse-steps.ts';
import { defineSolver } from './solver.ts';

/** GML-DPS: LDPS whose estimate is also asked to be a fixed point of decoding and encoding (SOLVERS.md 3.2). */
export default defineSolver({
  name: 'gml-dps',
  version: 1,
  paper: 'Rout et al., NeurIPS 2023 (arXiv 2307.00619), GML-DPS',
  requires: { latent: true },
  params: z.strictObject({
    steps,
    eta,
    omega: z.number().min(0).default(1).describe('weight of ||y - A D z0||'),
    gamma: z.number().min(0).default(0.1).describe('weight of ||E D z0 - z0||'),
  }),
  async solve({ y, A }, prior, p, ctx) {
    const denoise = conditional(prior);
    const step = ctx.compile((s: LatentStepInput & { readonly omega: Tensor; readonly gamma: Tensor }) => {
      const loss = (z0: Tensor) => {
        const x = prior.decode(z0);
        const misfit = norm(tf.sub(y, A.forward(x)));
        const fixedPoint = norm(tf.sub(prior.encode(x), z0));
        return tf.add(tf.mul(misfit, s.omega), tf.mul(fixedPoint, s.gamma));
      };
      const { ddim, gradient, z0 } = latentStep(s, { denoise, eta: p.eta, loss });
      return { z: tf.sub(ddim, gradient), z0 };
    });

    const c = samePrompt(prior, '', ctx.batch);
    const start = ctx.normal('initial', prior.latentShape);
    let state = { z: start, z0: start };
    for (const { at } of reverseSteps(prior, p, ctx)) {
      state = replace(state, await step({ z: state.z, c, ...at, omega: p.omega, gamma: p.gamma }));
      ctx.count({ unetForward: 1, unetBackward: 1, decoder: 1, encoder: 1 });
    }
    ctx.count({ decoder: 1 });
    return prior.decode(state.z0);
  },
});
