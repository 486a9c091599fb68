import { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { promptText, reverseSteps } from './checked-parameters.ts';
import { composed, type Editorials, editorial, editorialAt, strengthsOf } from './parts/compositions.ts';
import { type DdimAt, ddim } from './parts/grids.ts';
import { defineSolver } from './solver.ts';

const notComposed = { alpha: 0, alphaFrom: 0.2, gammaAttn: 0, gammaNorm: 0, gammaFrom: 0.2 };

/**
 * EBCA (arXiv 2306.09869): a picture of each caption, whose embedding is moved by each layer of cross-attention down that
 * layer's energy (Bayesian context update, BCU), and composed with further prompts (CACAO).
 */
export default defineSolver({
  solves: 'generate',
  name: 'ebca',
  title: 'EBCA',
  version: 1,
  paper: 'Park, Kim, Kim, Lee and Ye, NeurIPS 2023 (arXiv 2306.09869)',
  requires: { text: true, crossAttention: true },
  params: z.strictObject({
    steps: reverseSteps(50),
    nullPrompt: promptText('text of the unconditional prediction'),
    cfgScale: z.number().min(0).default(7.5).describe('classifier-free guidance; 1 is the caption alone'),
    gammaAttn: z.number().min(0).default(0.01).describe('step size of a context towards what attends to it'),
    gammaNorm: z.number().min(0).default(0.02).describe('step size of a context away from long keys'),
    gammaUntil: z.number().min(0).max(1).default(1).describe('share of the steps whose layers update'),
    addPrompt: promptText('text that is composed with the caption'),
    add: editorial(notComposed).describe('how it is composed; alpha 0: not at all'),
    removePrompt: promptText('text that is taken away from the caption'),
    remove: editorial(notComposed).describe('how it is taken away; alpha 0: not at all'),
  }),
  passes: (p) => 2 * p.steps,
  async solve({ captions }, prior, p, run) {
    const [u, c, added, removed] = [
      run.each(p.nullPrompt, captions),
      captions,
      run.each(p.addPrompt, captions),
      run.each(p.removePrompt, captions),
    ].map((prompts) => prior.text.embed(prompts)) as [Tensor, Tensor, Tensor, Tensor];
    const compositions = [
      { c: added, strengths: p.add, sign: 1 },
      { c: removed, strengths: p.remove, sign: -1 },
    ] as const;
    const used = compositions.filter(({ strengths: { alpha } }) => alpha > 0);
    const predict = composed(prior, { u, c, w: p.cfgScale });

    type S = { z: Tensor; z0: Tensor; eU: Tensor; eC: Tensor; editorials: Editorials };
    const step = run.step((s: S, at: DdimAt, { strengths }: { strengths: Tensor }) => {
      const { unconditional, conditional, guided, editorials } = predict(s.z, at, s.editorials, strengths);
      const z0 = at.clean(s.z, guided);
      const z = at.ddim(z0, at.noise(s.z, guided));
      return { z, z0, eU: unconditional.value, eC: conditional.value, editorials };
    });

    const z = run.normal('initial', prior.shape);
    const editorials = { empty: tf.clone(u), told: used.map(({ c }) => tf.clone(c)) };
    let s: S = { z, z0: z, eU: z, eC: z, editorials };
    for (const at of run.steps(ddim(prior, { steps: p.steps, eta: 0 }))) {
      const i = p.steps - at.n;
      const on = i < Math.floor(p.steps * p.gammaUntil);
      const main = { share: 1, attn: on ? p.gammaAttn : 0, norm: on ? p.gammaNorm : 0 };
      const others = used.map(({ strengths, sign }) => editorialAt(strengths, sign, i, p.steps));
      s = await step(s, at, { strengths: strengthsOf([main, ...others]) });
    }
    return prior.autoencoder?.decode(s.z) ?? s.z;
  },
});
