import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { glideClipConfigSchema, glideClipShapes, glideImageFeatures } from '../../networks/glide-clip.ts';
import { ddimStep, noiseFromZ0 } from '../../priors/ddim.ts';
import { ddpmSample, ddpmStepAt, pMeanVariance, splitOutput } from '../../priors/ddpm.ts';
import { clipGradient, movedEstimate, movedPosterior } from '../../solvers/parts/clip-guidance.ts';
import { evaluate } from '../differentiable.ts';
import type { Entry } from '../entry.ts';
import type { NetworkKind } from '../network.ts';
import { readParams } from '../unsupported.ts';
import { posteriorParams, tablesOf, tablesSchema } from './ddpm.ts';

const clipKind: NetworkKind<typeof glideClipConfigSchema> = {
  schema: glideClipConfigSchema,
  parameters: glideClipShapes,
};

const paramsSchema = tablesSchema({
  ...posteriorParams,
  mode: z.enum(['ddpm', 'ddim']),
  eta: z.literal(0),
  clip_denoised: z.literal(true),
  /** The time before respacing, which CLIP is told. */
  t_network: z.int().nonnegative(),
  guidance_scale: z.number(),
  /** What cosines are multiplied by. */
  logit_scale: z.number(),
});

/** x_t, model_output, text_embedding, noise -> gradient, sample, pred_xstart: one step of GLIDE's sampler. */
export const samplerClipGuidance: Entry = {
  name: 'sampler.clip_guidance',
  async run(given) {
    const params = readParams(paramsSchema, given.params);
    const { t, t_network: time, guidance_scale: s, logit_scale: scale } = params;
    const tables = tablesOf(params, t);
    const { config, params: weights } = given.networkOf('clip_image', clipKind);
    const variables = {
      x: given.tensor('x_t'),
      output: given.tensor('model_output'),
      text: given.tensor('text_embedding'),
      noise: given.tensor('noise'),
    };
    return evaluate(given, { gradients: [], sums: [] }, variables, ({ x, output, text, noise }) => {
      const clip = {
        imageFeatures: (x: Tensor, t: Tensor) => glideImageFeatures(weights, config, x, t),
        scale: tf.scalar(scale),
      };
      const gradient = clipGradient(clip, text!, x!, tf.scalar(time), s);
      const at = ddpmStepAt(tables, t);
      const q = pMeanVariance({ x: x!, ...splitOutput(output!), at }, { clipDenoised: true });
      if (params.mode === 'ddpm')
        return { gradient, sample: ddpmSample(movedPosterior(q, gradient), noise!), pred_xstart: q.x0 };
      const [alphaBar, alphaBarNext] = [tables.alphasCumprod[t]!, tables.alphasCumprod[t - 1] ?? 1];
      const z0 = movedEstimate(q.x0, gradient, tf.scalar(alphaBar));
      const e = noiseFromZ0(x!, z0, alphaBar);
      return { gradient, sample: ddimStep({ z0, noise: e, alphaBar, alphaBarNext }), pred_xstart: z0 };
    });
  },
};
