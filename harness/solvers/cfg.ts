import { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import { guidanceScale, promptText } from './checked-parameters.ts';
import type { At } from './parts/grids.ts';
import { rescaled, towards } from './parts/guidance.ts';
import { estimates, pictureOf, sampled, samplerParams } from './parts/samplers.ts';
import { defineSolver } from './solver.ts';

/**
 * Classifier-free guidance (arXiv 2207.12598): a picture of each caption, by e = e_u + w (e_c - e_u) (eq. 6 in the notation
 * where w = 1 is the conditional prediction and 0 the unconditional one); rescaled as in arXiv 2305.08891.
 */
export default defineSolver({
  solves: 'generate',
  name: 'cfg',
  title: 'CFG',
  version: 1,
  paper: 'Ho and Salimans, 2022 (arXiv 2207.12598)',
  requires: { text: true },
  params: z.strictObject({
    ...samplerParams,
    nullPrompt: promptText('text of the unconditional prediction'),
    scale: guidanceScale('w, guidance: 0 is the null prompt, 1 the caption alone, more goes beyond it', 7.5),
    rescale: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe(
        'phi, how far the guided prediction gets the deviation of the conditional one (arXiv 2305.08891)',
      ),
  }),
  passes: (p) => estimates(p) * (p.scale === 1 ? 1 : 2),
  async solve({ captions }, prior, p, run) {
    const u = prior.text.embed(run.each(p.nullPrompt, captions));
    const c = prior.text.embed(captions);

    const predict = (x: Tensor, t: Tensor) => {
      const conditional = prior.predict(x, t, c);
      if (p.scale === 1) return conditional;
      const guided = towards(prior.predict(x, t, u), conditional, p.scale);
      return p.rescale > 0 ? rescaled(guided, conditional, p.rescale) : guided;
    };
    const guidance = (x: Tensor, at: At) => {
      const x0 = at.clean(x, predict(x, at.t));
      return { x0, anchor: x0 };
    };
    return pictureOf(prior, await sampled(prior, guidance, p, run));
  },
});
