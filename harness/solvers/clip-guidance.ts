import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { reverseSteps } from './checked-parameters.ts';
import { type AbarAt, withAbar } from './parts/abar.ts';
import { clipGradient, movedEstimate, movedPosterior } from './parts/clip-guidance.ts';
import { type AncestralAt, ancestral, ddim } from './parts/grids.ts';
import { defineSolver } from './solver.ts';

/**
 * CLIP guidance as GLIDE has it beside classifier-free guidance (arXiv 2112.10741, section 2.4): each step moves along the gradient
 * by which a CLIP of noised pictures says that x_t shows the caption.
 */
export default defineSolver({
  solves: 'generate',
  name: 'clip-guidance',
  title: 'CLIP guidance',
  version: 1,
  paper: 'Nichol et al., ICML 2022 (arXiv 2112.10741)',
  requires: { pixels: true, text: true, noisedClip: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    sampler: z
      .enum(['ancestral', 'ddim'])
      .default('ancestral')
      .describe('ancestral: the gradient moves the mean; ddim: it moves the noise'),
    scale: z.number().min(0).default(3).describe('s, weight of the gradient'),
    conditional: z
      .boolean()
      .default(true)
      .describe('the network is told the caption too; false: CLIP alone leads'),
  }),
  async solve({ captions }, prior, p, run) {
    const { noisedClip, text } = prior;
    const c = text.embed(p.conditional ? captions : run.each(''));
    const g = noisedClip.textFeatures(captions);
    const gradient = (x: Tensor, t: Tensor) => clipGradient(noisedClip, g, x, t, p.scale);

    type S = { x: Tensor };
    let s: S = { x: run.normal('initial', prior.shape) };
    if (p.sampler === 'ancestral') {
      const step = run.step(({ x }: S, at: AncestralAt) => {
        const q = at.posterior(x, prior.predict(x, at.t, c));
        return { x: at.draw(movedPosterior(q, gradient(x, at.t))) };
      });
      for (const at of run.steps(ancestral(prior, p.steps))) s = await step(s, at);
    } else {
      const step = run.step(({ x }: S, at: AbarAt) => {
        const within = tf.clipByValue(at.clean(x, prior.predict(x, at.t, c)), -1, 1);
        const x0 = movedEstimate(within, gradient(x, at.t), at.abar);
        return { x: at.ddim(x0, at.noiseOf(x, x0)) };
      });
      for (const at of run.steps(withAbar(ddim(prior, { steps: p.steps, eta: 0 })))) s = await step(s, at);
    }
    return s.x;
  },
});
