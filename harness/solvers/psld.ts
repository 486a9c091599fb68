import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import type { Operator } from '../operators/operator.ts';
import { glue } from '../operators/proximal.ts';
import { guidanceScale, promptText } from './checked-parameters.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { type DdimAt, ddim, eta, steps } from './parts/grids.ts';
import { guided } from './parts/guidance.ts';
import { perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/** What the public code takes for A^T: nearest up-sampling, and y itself where it is of the picture's size. */
function codeTranspose(A: Operator): ((y: Tensor) => Tensor) | undefined {
  return A.restrict ? (y) => y : A.dpsTranspose;
}

/**
 * PSLD, posterior sampling with latent diffusion (arXiv 2307.00619, Algorithm 2): LDPS whose estimate is also asked to
 * encode the picture that agrees with y on the row space of A and with D z0 on its null space.
 */
export default defineSolver({
  name: 'psld',
  title: 'PSLD',
  version: 2,
  paper: 'Rout et al., NeurIPS 2023 (arXiv 2307.00619)',
  requires: { autoencoder: true, linear: true },
  params: z.strictObject({
    steps,
    eta,
    omega: perImage(z.number().min(0).default(1).describe('weight of ||y - A D z0||')),
    gamma: perImage(
      z
        .number()
        .min(0)
        .default(0.1)
        .describe('weight of the gluing term ||E(A^T y + x - A^T A x) - z0||, x = D z0'),
    ),
    variant: z
      .enum(['paper', 'public-code', 'treg-code'])
      .default('paper')
      .describe(
        "public-code: fresh noise on A D z0, a sample of E's posterior, its `transpose` for A^T, and D of the last state; treg-code: the sample alone",
      ),
    prompt: promptText('text that the prior is told'),
    cfgScale: guidanceScale('classifier-free guidance; 1 is the prompt alone'),
  }),
  passes: (p) => p.steps * (p.cfgScale === 1 ? 1 : 2),
  async solve({ y, A, sigma, captions }, prior, p, run) {
    const { encode, encodeSample, decode } = prior.autoencoder;
    const predict = guided(prior, prior.text?.embed(run.each('')), p.cfgScale);
    const c = prior.text?.embed(run.each(p.prompt, captions));
    const asCode = p.variant === 'public-code';
    const samples = p.variant !== 'paper';
    const transpose = asCode ? codeTranspose(A) : undefined;
    type Draws = Partial<Record<'fresh' | 'posterior', Tensor>>;

    const step = run.step((s: { z: Tensor; z0: Tensor }, at: DdimAt, { fresh, posterior }: Draws) => {
      const { gradient, z0, e } = gradientOf(s.z, (z) => {
        const predicted = predict(z, at.t, c);
        const z0 = at.clean(z, predicted);
        const x = decode(z0);
        const Ax = fresh ? tf.add(A.forward(x), tf.mul(sigma, fresh)) : A.forward(x);
        const glued = glue(A, y, x, transpose);
        const encoded = posterior ? encodeSample(glued, posterior) : encode(glued);
        const [misfit, gluing] = [norm(tf.sub(y, Ax)), norm(tf.sub(encoded, z0))];
        const loss = tf.add(scaled(p.omega, misfit), scaled(p.gamma, gluing));
        return { z0, e: at.noise(z, predicted), loss };
      });
      return { z: tf.sub(at.ddim(z0, e), gradient), z0 };
    });

    const z = run.normal('initial', prior.shape);
    let s = { z, z0: z };
    for (const at of run.steps(ddim(prior, p))) {
      s = await step(s, at, {
        ...(asCode && { fresh: run.normal('step', y.shape.slice(1)) }),
        ...(samples && { posterior: run.normal('step', prior.shape) }),
      });
    }
    return decode(asCode ? s.z : s.z0);
  },
});
