import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { type AdamState, adamInit, adamStep, gradientOf, norm } from './parts/gradients.ts';
import { type DdimAt, ddim, eta, steps } from './parts/grids.ts';
import { alike, perImage } from './per-image.ts';
import { defineSolver } from './solver.ts';

/**
 * LDIR, latent diffusion iterative reconstruction (arXiv 2307.12070), in our reading: LDPS whose gradient is steadied by
 * those of the steps before. How the paper weighs them was not to be found; here it is Adam, with one state for the run.
 */
export default defineSolver({
  name: 'ldir',
  title: 'LDIR',
  version: 1,
  paper: 'after He et al. (arXiv 2307.12070); the moments and all constants are our reading',
  requires: { autoencoder: true },
  params: z.strictObject({
    steps,
    eta,
    rate: perImage(
      z.number().min(0).default(0.05).describe('step size on the gradient as Adam weighs it (ours)'),
    ),
  }),
  passes: (p) => p.steps,
  async solve({ y, A }, prior, p, run) {
    const { decode } = prior.autoencoder;
    const c = prior.text?.embed(run.each(''));
    type S = { z: Tensor; z0: Tensor; adam: AdamState };
    const step = run.step((s: S, at: DdimAt) => {
      const { gradient, z0, e } = gradientOf(s.z, (z) => {
        const predicted = prior.predict(z, at.t, c);
        const z0 = at.clean(z, predicted);
        return { z0, e: at.noise(z, predicted), loss: norm(tf.sub(y, A.forward(decode(z0)))) };
      });
      const { update, adam } = adamStep(s.adam, gradient, alike(p.rate, gradient));
      return { z: tf.sub(at.ddim(z0, e), update), z0, adam };
    });

    const z = run.normal('initial', prior.shape);
    let s: S = { z, z0: z, adam: adamInit(z) };
    for (const at of run.steps(ddim(prior, p))) s = await step(s, at);
    return decode(s.z0);
  },
});
