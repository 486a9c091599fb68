import { z } from 'zod';
import { tf } from '../../engine/tf.ts';
import { highDynamicRange } from '../../operators/high-dynamic-range.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** What over-exposure cut off. */
export default defineRestoration({
  name: 'high-dynamic-range',
  title: 'High dynamic range',
  version: 1,
  source: 'RED-diff (arXiv 2305.04391) and DAPS (arXiv 2407.01521): clip(2 x, -1, 1)',
  nonlinear: true,
  projection: true,
  params: z.strictObject({
    scale: z.number().positive().default(2).describe('exposure, before values are cut at -1 and 1'),
    noise,
  }),
  operator: ({ scale }) => highDynamicRange({ scale, min: -1, max: 1 }),
  noise: (params) => params.noise,
  // 1 measures as the exposure itself, where it is below what is cut.
  baseline: {
    name: 'exposed back',
    solve: ({ y, A }) => tf.tidy(() => tf.mul(y, tf.div(1e-3, A.forward(tf.scalar(1e-3))))),
  },
});
