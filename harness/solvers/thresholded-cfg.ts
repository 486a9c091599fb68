import { z } from 'zod';
import type { Tensor } from '../engine/tf.ts';
import { guidanceScale, promptText } from './checked-parameters.ts';
import type { At } from './parts/grids.ts';
import { guided } from './parts/guidance.ts';
import { estimates, sampled, samplerParams } from './parts/samplers.ts';
import { thresholded } from './parts/thresholds.ts';
import { defineSolver } from './solver.ts';

/**
 * Imagen's sampling (arXiv 2205.11487, section 2.3): classifier-free guidance whose estimates are brought back to what pictures can
 * be, so that strong guidance does not saturate them; the noise that goes on is what the estimate leaves of x_t.
 */
export default defineSolver({
  solves: 'generate',
  name: 'thresholded-cfg',
  title: 'CFG, thresholded',
  version: 1,
  paper: 'Saharia et al., NeurIPS 2022 (arXiv 2205.11487)',
  requires: { pixels: true, text: true },
  params: z.strictObject({
    ...samplerParams,
    nullPrompt: promptText('text of the unconditional prediction'),
    scale: guidanceScale('w, guidance: 0 is the null prompt, 1 the caption alone, more goes beyond it', 7.5),
    threshold: z
      .enum(['static', 'dynamic'])
      .default('dynamic')
      .describe('static: estimates are clipped; dynamic: pressed together, as far as most values need it'),
    quantile: z
      .number()
      .gt(0)
      .max(1)
      .default(0.995)
      .describe("p, share of an estimate's values that dynamic thresholding does not clip"),
  }),
  passes: (p) => estimates(p) * (p.scale === 1 ? 1 : 2),
  solve({ captions }, prior, p, run) {
    const predict = guided(prior, prior.text.embed(run.each(p.nullPrompt, captions)), p.scale);
    const c = prior.text.embed(captions);
    const most = p.threshold === 'static' ? 1 : Number.POSITIVE_INFINITY;

    const guidance = (x: Tensor, at: At) => {
      const x0 = thresholded(at.clean(x, predict(x, at.t, c)), p.quantile, most);
      return { x0, anchor: x0 };
    };
    return sampled(prior, guidance, p, run);
  },
});
