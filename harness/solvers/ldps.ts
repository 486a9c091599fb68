import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { type LatentStepInput, latentStep } from './latent-step.ts';
import { norm } from './norms.ts';
import { conditional, samePrompt } from './prompts.ts';
import { replace } from './replace.ts';
import { eta, reverseSteps, steps } from './reverse-steps.ts';
import { defineSolver } from './solver.ts';

/** LDPS, latent diffusion posterior sampling: the gamma = 0 case of PSLD (arXiv 2307.00619; SOLVERS.md 3.1). */
export default defineSolver({
  name: 'ldps',
  version: 1,
  paper: 'Rout et al., NeurIPS 2023 (arXiv 2307.00619), PSLD with gamma = 0',
  requires: { latent: true },
  params: z.strictObject({
    steps,
    eta,
    omega: z.number().min(0).default(1).describe('step size on the gradient of ||y - A D z0||'),
  }),
  async solve({ y, A }, prior, p, ctx) {
    const denoise = conditional(prior);
    const residual = (z0: Tensor) => tf.sub(y, A.forward(prior.decode(z0)));
    const step = ctx.compile((s: LatentStepInput & { readonly omega: Tensor }) => {
      const { ddim, gradient, z0 } = latentStep(s, { denoise, eta: p.eta, loss: (z0) => norm(residual(z0)) });
      return { z: tf.sub(ddim, tf.mul(gradient, s.omega)), z0 };
    });

    const c = samePrompt(prior, '', ctx.batch);
    const start = ctx.normal('initial', prior.latentShape);
    let state = { z: start, z0: start };
    for (const { at } of reverseSteps(prior, p, ctx)) {
      state = replace(state, await step({ z: state.z, c, ...at, omega: p.omega }));
      ctx.count({ unetForward: 1, unetBackward: 1, decoder: 1 });
    }
    ctx.count({ decoder: 1 });
    return prior.decode(state.z0);
  },
});
