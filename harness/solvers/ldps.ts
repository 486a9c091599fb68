import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { guidanceScale, promptText } from './checked-parameters.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { type DdimAt, ddim, eta, steps } from './parts/grids.ts';
import { guided } from './parts/guidance.ts';
import { perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/** LDPS, latent diffusion posterior sampling: PSLD (arXiv 2307.00619, Algorithm 2) with gamma = 0. */
export default defineSolver({
  name: 'ldps',
  title: 'LDPS',
  version: 2,
  paper: 'Rout et al., NeurIPS 2023 (arXiv 2307.00619), PSLD with gamma = 0',
  requires: { autoencoder: true },
  params: z.strictObject({
    steps,
    eta,
    omega: perImage(z.number().min(0).default(1).describe('step size on the gradient of ||y - A D z0||')),
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe("public-code: PSLD's, with fresh noise on A D z0 in the loss and D of the last state"),
    prompt: promptText('text that the prior is told'),
    cfgScale: guidanceScale('classifier-free guidance; 1 is the prompt alone'),
  }),
  passes: (p) => p.steps * (p.cfgScale === 1 ? 1 : 2),
  async solve({ y, A, sigma, captions }, prior, p, run) {
    const { decode } = prior.autoencoder;
    const predict = guided(prior, prior.text?.embed(run.each('')), p.cfgScale);
    const c = prior.text?.embed(run.each(p.prompt, captions));
    const asCode = p.variant === 'public-code';
    type S = { z: Tensor; z0: Tensor; loss: Tensor };
    const step = run.step((s: S, at: DdimAt, { fresh }: { fresh?: Tensor }) => {
      const { gradient, z0, e, loss } = gradientOf(s.z, (z) => {
        const predicted = predict(z, at.t, c);
        const z0 = at.clean(z, predicted);
        const Ax = A.forward(decode(z0));
        const measured = fresh ? tf.add(Ax, tf.mul(sigma, fresh)) : Ax;
        return { z0, e: at.noise(z, predicted), loss: norm(tf.sub(y, measured)) };
      });
      return { z: tf.sub(at.ddim(z0, e), scaled(p.omega, gradient)), z0, loss };
    });

    const z = run.normal('initial', prior.shape);
    let s: S = { z, z0: z, loss: tf.zeros([run.batch]) };
    for (const at of run.steps(ddim(prior, p))) {
      s = await step(s, at, asCode ? { fresh: run.normal('step', y.shape.slice(1)) } : {});
      await run.trace({ loss: s.loss }, () => ({ z0: decode(s.z0) }));
    }
    return decode(asCode ? s.z : s.z0);
  },
});
