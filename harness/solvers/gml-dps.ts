import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { guidanceScale, promptText } from './checked-parameters.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { type DdimAt, ddim, eta, steps } from './parts/grids.ts';
import { guided } from './parts/guidance.ts';
import { perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/** GML-DPS (arXiv 2307.00619, eq. 6): LDPS whose estimate is also asked to be a fixed point of decoding and encoding. */
export default defineSolver({
  name: 'gml-dps',
  title: 'GML-DPS',
  version: 2,
  paper: 'Rout et al., NeurIPS 2023 (arXiv 2307.00619), GML-DPS',
  requires: { autoencoder: true },
  params: z.strictObject({
    steps,
    eta,
    omega: perImage(z.number().min(0).default(1).describe('weight of ||y - A D z0||')),
    gamma: perImage(z.number().min(0).default(0.1).describe('weight of ||E(D z0) - z0||')),
    prompt: promptText('text that the prior is told'),
    cfgScale: guidanceScale('classifier-free guidance; 1 is the prompt alone'),
  }),
  passes: (p) => p.steps * (p.cfgScale === 1 ? 1 : 2),
  async solve({ y, A, captions }, prior, p, run) {
    const { encode, decode } = prior.autoencoder;
    const predict = guided(prior, prior.text?.embed(run.each('')), p.cfgScale);
    const c = prior.text?.embed(run.each(p.prompt, captions));
    const step = run.step((s: { z: Tensor; z0: Tensor }, at: DdimAt) => {
      const { gradient, z0, e } = gradientOf(s.z, (z) => {
        const predicted = predict(z, at.t, c);
        const z0 = at.clean(z, predicted);
        const x = decode(z0);
        const misfit = norm(tf.sub(y, A.forward(x)));
        const drift = norm(tf.sub(encode(x), z0));
        const loss = tf.add(scaled(p.omega, misfit), scaled(p.gamma, drift));
        return { z0, e: at.noise(z, predicted), loss };
      });
      return { z: tf.sub(at.ddim(z0, e), gradient), z0 };
    });

    const z = run.normal('initial', prior.shape);
    let s = { z, z0: z };
    for (const at of run.steps(ddim(prior, p))) s = await step(s, at);
    return decode(s.z0);
  },
});
