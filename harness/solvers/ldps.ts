import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { type DdimAt, ddim, eta, steps } from './parts/grids.ts';
import { defineSolver } from './solver.ts';

/** LDPS, latent diffusion posterior sampling: PSLD (arXiv 2307.00619, Algorithm 2) with gamma = 0. */
export default defineSolver({
  name: 'ldps',
  title: 'LDPS',
  version: 2,
  paper: 'Rout et al., NeurIPS 2023 (arXiv 2307.00619), PSLD with gamma = 0',
  requires: { autoencoder: true, text: true },
  params: z.strictObject({
    steps,
    eta,
    omega: z.number().min(0).default(1).describe('step size on the gradient of ||y - A D z0||'),
  }),
  passes: (p) => p.steps,
  async solve({ y, A }, prior, p, run) {
    const { decode } = prior.autoencoder;
    const c = prior.text.embed(run.each(''));
    const step = run.step((s: { z: Tensor; z0: Tensor }, at: DdimAt) => {
      const { gradient, z0, e } = gradientOf(s.z, (z) => {
        const predicted = prior.predict(z, at.t, c);
        const z0 = at.clean(z, predicted);
        return { z0, e: at.noise(z, predicted), loss: norm(tf.sub(y, A.forward(decode(z0)))) };
      });
      return { z: tf.sub(at.ddim(z0, e), tf.mul(p.omega, gradient)), z0 };
    });

    const z = run.normal('initial', prior.shape);
    let s = { z, z0: z };
    for (const at of run.steps(ddim(prior, p))) s = await step(s, at);
    return decode(s.z0);
  },
});
