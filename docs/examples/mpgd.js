/**
 * A solver of your own in one file: guidance of the clean estimate, as MPGD does it for latent diffusion models (He et
 * al., "Manifold Preserving Guided Diffusion", ICLR 2024, arXiv 2311.16424). The residual is differentiated with respect
 * to z0, not z_t: it goes through the decoder alone, and the U-Net is never back-propagated.
 */
import { ddimStep, defineSolver, eta, norm, replace, reverseSteps, steps, tf, z, z0FromNoise } from 'tweedie';

export default defineSolver({
  name: 'mpgd',
  version: 1,
  paper: 'He et al., ICLR 2024 (arXiv 2311.16424), latent variant; step sizes are ours',
  requires: { latent: true },
  params: z.strictObject({
    steps,
    eta,
    stepSize: z.number().min(0).default(1).describe('step size on the gradient of ||y - A D z0||'),
  }),

  async solve({ y, A }, prior, p, ctx) {
    // Traced once, then run as one graph: whatever changes between calls comes in as an argument.
    const step = ctx.compile(({ z, c, t, alphaBar, alphaBarNext, gaussian, stepSize }) => {
      const { noise } = prior.predict(z, t, c);
      const tweedie = z0FromNoise(z, noise, alphaBar);
      const misfit = (z0) => tf.sum(norm(tf.sub(y, A.forward(prior.decode(z0)))));
      const z0 = tf.sub(tweedie, tf.mul(tf.grad(misfit)(tweedie), stepSize));
      return { z: ddimStep({ z0, noise, alphaBar, alphaBarNext, eta: p.eta, gaussian }), z0 };
    });

    const c = prior.embed(Array(ctx.batch).fill(''));
    const start = ctx.normal('initial', prior.latentShape);
    let state = { z: start, z0: start };
    for (const { at } of reverseSteps(prior, p, ctx)) {
      state = replace(state, await step({ z: state.z, c, ...at, stepSize: p.stepSize }));
      ctx.count({ unetForward: 1, decoder: 1 });
    }
    ctx.count({ decoder: 1 });
    return prior.decode(state.z0);
  },
});
