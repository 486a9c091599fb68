import { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import { guidanceScale, promptText, reverseSteps } from './checked-parameters.ts';
import { guidedPasses } from './inversions/parameters.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { guided } from './parts/guidance.ts';
import { afterInversion, type InvertedAt } from './parts/inversion.ts';
import { defineSolver } from './solver.ts';

/**
 * Dual diffusion implicit bridges (DDIB, arXiv 2203.08382, Algorithm 1): up the probability flow of the pictures' domain, down
 * that of the other one; the two share the noise. Two models in the paper, here one under two prompts.
 */
export default defineSolver({
  solves: 'translate',
  name: 'ddib',
  title: 'DDIB',
  version: 1,
  paper: 'Su, Song, Meng and Ermon, ICLR 2023 (arXiv 2203.08382)',
  requires: { autoencoder: true, text: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    up: z
      .enum(['source', 'null'])
      .default('source')
      .describe(
        "prompt of the way up: that of the pictures' domain (paper) or the null prompt (LSB's public code)",
      ),
    nullPrompt: promptText('text of the unconditional prediction'),
    cfgScale: guidanceScale('classifier-free guidance on the way down; 1 is the domain alone'),
  }),
  passes: (p) => p.steps * (1 + guidedPasses(p.cfgScale)),
  async solve({ x, from, to }, prior, p, run) {
    const domain = run.each(from);
    const u = prior.text.embed(run.each(p.nullPrompt, domain));
    const source = p.up === 'null' ? u : prior.text.embed(domain);
    const target = prior.text.embed(run.each(to));
    const predict = guided(prior, u, p.cfgScale);

    type S = { z: Tensor; seen: Tensor; z0: Tensor };
    type At = InvertedAt<DdimAt>;
    const encode = run.step(({ z }: S, { down, up }: At) => ({
      z: up(z, down.noise(z, prior.predict(z, down.t, source))),
      seen: z,
    }));
    const decode = run.step(({ z }: S, { down: at }: At) => {
      const predicted = predict(z, at.t, target);
      const z0 = at.clean(z, predicted);
      return { z: at.ddim(z0, at.noise(z, predicted)), seen: z, z0 };
    });

    const z0 = prior.autoencoder.encodeSample(x, run.normal('initial', prior.shape));
    let s: S = { z: z0, seen: z0, z0 };
    for (const at of run.steps(afterInversion(ddim(prior, { steps: p.steps, eta: 0 }))))
      s = at.next > at.t ? await encode(s, at) : await decode(s, at);
    return prior.autoencoder.decode(s.z0);
  },
});
