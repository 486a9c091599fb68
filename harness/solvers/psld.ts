import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { withNoise } from '../operators/noise.ts';
import { glue } from '../operators/proximal.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { type DdimAt, ddim, eta, steps } from './parts/grids.ts';
import { defineSolver } from './solver.ts';

/**
 * PSLD, posterior sampling with latent diffusion (arXiv 2307.00619, Algorithm 2): LDPS whose estimate is also asked to
 * encode the picture that agrees with y on the row space of A and with D z0 on its null space.
 */
export default defineSolver({
  name: 'psld',
  title: 'PSLD',
  version: 2,
  paper: 'Rout et al., NeurIPS 2023 (arXiv 2307.00619)',
  requires: { autoencoder: true, text: true, linear: true },
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
  passes: (p) => p.steps,
  async solve({ y, A, sigma }, prior, p, run) {
    const { encode, encodeSample, decode } = prior.autoencoder;
    const c = prior.text.embed(run.each(''));
    const asCode = p.variant === 'public-code';
    type Draws = Partial<Record<'fresh' | 'posterior', Tensor>>;

    const step = run.step((s: { z: Tensor; z0: Tensor }, at: DdimAt, { fresh, posterior }: Draws) => {
      const { gradient, z0, e } = gradientOf(s.z, (z) => {
        const predicted = prior.predict(z, at.t, c);
        const z0 = at.clean(z, predicted);
        const x = decode(z0);
        const Ax = fresh ? withNoise(A, A.forward(x), fresh, sigma) : A.forward(x);
        const glued = posterior
          ? encodeSample(glue(A, y, x, A.dpsTranspose), posterior)
          : encode(glue(A, y, x));
        const [misfit, gluing] = [norm(tf.sub(y, Ax)), norm(tf.sub(glued, z0))];
        const loss = tf.add(tf.mul(p.omega, misfit), tf.mul(p.gamma, gluing));
        return { z0, e: at.noise(z, predicted), loss };
      });
      return { z: tf.sub(at.ddim(z0, e), gradient), z0 };
    });

    const z = run.normal('initial', prior.shape);
    let s = { z, z0: z };
    for (const at of run.steps(ddim(prior, p))) {
      const draw = (shape: readonly number[]) => run.normal('step', shape);
      s = await step(s, at, asCode ? { fresh: draw(y.shape.slice(1)), posterior: draw(prior.shape) } : {});
    }
    return decode(s.z0);
  },
});
