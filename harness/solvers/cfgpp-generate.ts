import { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import { promptText } from './checked-parameters.ts';
import type { At } from './parts/grids.ts';
import { towards } from './parts/guidance.ts';
import { estimates, pictureOf, sampled, samplerParams } from './parts/samplers.ts';
import { defineSolver } from './solver.ts';

/**
 * CFG++ (arXiv 2406.08070, Algorithm 2): a picture of each caption; the estimate lies between the unconditional and the
 * conditional one, and the unconditional noise leads on from it.
 */
export default defineSolver({
  solves: 'generate',
  name: 'cfgpp-generate',
  title: 'CFG++',
  version: 1,
  paper: 'Chung, Kim, Park, Nam and Ye, ICLR 2025 (arXiv 2406.08070)',
  requires: { text: true },
  params: z.strictObject({
    ...samplerParams,
    nullPrompt: promptText('text of the unconditional prediction'),
    lambda: z
      .number()
      .min(0)
      .max(1)
      .default(0.6)
      .describe('guidance, from the null prompt (0) to the caption (1)'),
  }),
  passes: (p) => 2 * estimates(p),
  async solve({ captions }, prior, p, run) {
    const u = prior.text.embed(run.each(p.nullPrompt, captions));
    const c = prior.text.embed(captions);

    const guidance = (x: Tensor, at: At) => {
      const [unconditional, conditional] = [prior.predict(x, at.t, u), prior.predict(x, at.t, c)];
      return {
        x0: at.clean(x, towards(unconditional, conditional, p.lambda)),
        anchor: at.clean(x, unconditional),
      };
    };
    return pictureOf(prior, await sampled(prior, guidance, p, run));
  },
});
