import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { withNoise } from '../operators/noise.ts';
import { type LatentStepInput, latentStep } from './latent-step.ts';
import { norm } from './norms.ts';
import { glue } from './projection.ts';
import { conditional, samePrompt } from './prompts.ts';
import { replace } from './replace.ts';
import { eta, reverseSteps, steps } from './reverse-steps.ts';
import { defineSolver } from './solver.ts';

/** `fresh` [B,...] and `posterior` [B,c,h,w] are Gaussians of the public code; 0 in the paper's form. */
type PsldInput = LatentStepInput & Record<'omega' | 'gamma' | 'fresh' | 'posterior', Tensor>;

/**
 * PSLD, posterior sampling with latent diffusion (arXiv 2307.00619; SOLVERS.md 3.3): LDPS whose estimate is also asked
 * to encode the picture that agrees with y on the row space of A and with D z0 on its null space.
 */
export default defineSolver({
  name: 'psld',
  version: 1,
  paper: 'Rout et al., NeurIPS 2023 (arXiv 2307.00619)',
  requires: { latent: true, linear: true },
  params: z.strictObject({
    steps,
    eta,
    omega: z.number().min(0).default(1).describe('weight of ||y - A D z0||'),
    gamma: z
      .number()
      .min(0)
      .default(0.1)
      .describe('weight of the gluing term ||E(A^T y + x - A^T A x) - z0||, x = D z0'),
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe(
        "public-code: fresh noise on A D z0, a sample of E's posterior, and its `transpose` for A^T (not the adjoint for blurs and super-resolution)",
      ),
  }),
  async solve({ y, A, sigma }, prior, p, ctx) {
    const asCode = p.variant === 'public-code';
    const denoise = conditional(prior);
    const step = ctx.compile((s: PsldInput) => {
      const loss = (z0: Tensor) => {
        const x = prior.decode(z0);
        const predicted = asCode ? withNoise(A, A.forward(x), s.fresh, sigma) : A.forward(x);
        const misfit = norm(tf.sub(y, predicted));
        const encoded = asCode
          ? prior.encodeSample(glue(A, y, x, A.dpsTranspose), s.posterior)
          : prior.encode(glue(A, y, x));
        const gluing = norm(tf.sub(encoded, z0));
        return tf.add(tf.mul(misfit, s.omega), tf.mul(gluing, s.gamma));
      };
      const { ddim, gradient, z0 } = latentStep(s, { denoise, eta: p.eta, loss });
      return { z: tf.sub(ddim, gradient), z0 };
    });

    const c = samePrompt(prior, '', ctx.batch);
    const start = ctx.normal('initial', prior.latentShape);
    let state = { z: start, z0: start };
    for (const { at } of reverseSteps(prior, p, ctx)) {
      const fresh = asCode ? ctx.normal('step', y.shape.slice(1)) : 0;
      const posterior = asCode ? ctx.normal('step', prior.latentShape) : 0;
      const input = { z: state.z, c, ...at, omega: p.omega, gamma: p.gamma, fresh, posterior };
      state = replace({ ...state, fresh, posterior }, await step(input));
      ctx.count({ unetForward: 1, unetBackward: 1, decoder: 1, encoder: 1 });
    }
    ctx.count({ decoder: 1 });
    return prior.decode(state.z0);
  },
});
