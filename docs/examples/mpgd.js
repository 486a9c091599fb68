/**
 * A solver of your own in one file: guidance of the clean estimate, as MPGD does it for latent diffusion models (He et
 * al., "Manifold Preserving Guided Diffusion", ICLR 2024, arXiv 2311.16424). The residual is differentiated with respect
 * to z0, not z_t: it goes through the decoder alone, and the U-Net is never back-propagated.
 */
import { ddim, defineSolver, eta, norm, steps, tf, z } from 'tweedie';

export default defineSolver({
  name: 'latent-mpgd',
  title: 'MPGD (latent)',
  version: 1,
  paper: 'He et al., ICLR 2024 (arXiv 2311.16424), latent variant; step sizes are ours',
  requires: { autoencoder: true, text: true },
  params: z.strictObject({
    steps,
    eta,
    stepSize: z.number().min(0).default(1).describe('step size on the gradient of ||y - A D z0||'),
  }),

  async solve({ y, A }, prior, p, run) {
    const { decode } = prior.autoencoder;
    const c = prior.text.embed(run.each(''));
    const misfit = (z0) => tf.sum(norm(tf.sub(y, A.forward(decode(z0)))));
    const step = run.step(({ z }, at) => {
      const predicted = prior.predict(z, at.t, c);
      const tweedie = at.clean(z, predicted);
      const z0 = tf.sub(tweedie, tf.mul(p.stepSize, tf.grad(misfit)(tweedie)));
      return { z: at.ddim(z0, at.noise(z, predicted)), z0 };
    });

    let s = { z: run.normal('initial', prior.shape) };
    for (const at of run.steps(ddim(prior, p))) s = await step(s, at);
    return decode(s.z0);
  },
});
