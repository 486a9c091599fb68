import { z } from 'zod';
import { tf } from '../../engine/tf.ts';
import { superResolution } from '../../operators/super-resolution.ts';
import { factorMisfit } from '../misfit.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** Up-sampling of an antialiased bicubic reduction. */
export default defineRestoration({
  name: 'super-resolution',
  title: 'Super-resolution',
  version: 1,
  source: 'DPS code, util/resizer.py',
  params: z.strictObject({
    factor: z.number().int().min(2).default(8).describe('reduction of each side; must divide the image size'),
    noise,
  }),
  misfit: factorMisfit,
  pseudoInverse: true,
  svd: true,
  operator: ({ factor }, imageShape) => superResolution(factor, imageShape),
  noise: (params) => params.noise,
  baseline: {
    name: 'bicubic',
    solve: ({ y, A }) => tf.tidy(() => A.enlarge!(y)),
  },
});
