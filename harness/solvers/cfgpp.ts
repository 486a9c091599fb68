import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { glue } from '../operators/proximal.ts';
import { promptText, reverseSteps } from './checked-parameters.ts';
import { gradientOf, norm } from './parts/gradients.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { towards } from './parts/guidance.ts';
import { alike, perImage, scaled } from './per-image.ts';
import { defineSolver } from './solver.ts';

/**
 * CFG++ as an inverse solver (arXiv 2406.08070): PSLD's gradient step on the estimate under a prompt, renoised with the
 * unconditional noise. The paper's code has no inverse solver: this is our reading of it.
 */
export default defineSolver({
  name: 'cfgpp',
  title: 'CFG++',
  version: 1,
  paper: 'Chung, Kim, Park, Nam and Ye, ICLR 2025 (arXiv 2406.08070)',
  requires: { autoencoder: true, text: true, linear: true },
  params: z.strictObject({
    steps: reverseSteps(200),
    prompt: promptText('text that guidance leads to'),
    nullPrompt: promptText('text of the unconditional prediction'),
    lambda: perImage(
      z.number().min(0).max(1).default(0.6).describe('guidance, from the null prompt (0) to the prompt (1)'),
    ),
    omega: perImage(z.number().min(0).default(1).describe('weight of ||y - A D z0||')),
    gamma: perImage(
      z
        .number()
        .min(0)
        .default(0.1)
        .describe('weight of the gluing term ||E(A^T y + x - A^T A x) - z0||, x = D z0'),
    ),
  }),
  passes: (p) => 2 * p.steps,
  async solve({ y, A, captions }, prior, p, run) {
    const { encode, decode } = prior.autoencoder;
    const u = prior.text.embed(run.each(p.nullPrompt, captions));
    const c = prior.text.embed(run.each(p.prompt, captions));

    const step = run.step((s: { z: Tensor; z0: Tensor }, at: DdimAt) => {
      const { gradient, z0, e } = gradientOf(s.z, (z) => {
        const [unconditional, conditional] = [prior.predict(z, at.t, u), prior.predict(z, at.t, c)];
        const z0 = at.clean(z, towards(unconditional, conditional, alike(p.lambda, z)));
        const x = decode(z0);
        const [misfit, gluing] = [norm(tf.sub(y, A.forward(x))), norm(tf.sub(encode(glue(A, y, x)), z0))];
        const loss = tf.add(scaled(p.omega, misfit), scaled(p.gamma, gluing));
        return { z0, e: at.noise(z, unconditional), loss };
      });
      return { z: tf.sub(at.ddim(z0, e), gradient), z0 };
    });

    const z = run.normal('initial', prior.shape);
    let s = { z, z0: z };
    for (const at of run.steps(ddim(prior, { steps: p.steps, eta: 0 }))) s = await step(s, at);
    return decode(s.z0);
  },
});
