import { z } from 'zod';
import { maskedOperator, observedMean } from './masked.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';
import { wholeBetween } from './sampling.ts';

/** Missing single pixels, the same in all channels. */
export default defineRestoration({
  name: 'random-inpainting',
  title: 'Random inpainting',
  version: 1,
  source: 'DPS code, util/img_utils.py, random masks; 70 % missing as ReSample and DAPS',
  params: z.strictObject({
    missing: z
      .number()
      .min(0)
      .lt(1)
      .default(0.7)
      .describe('share of the pixels that is missing, exactly floor(H W share)'),
    noise,
  }),
  pseudoInverse: true,
  svd: true,
  projection: true,
  operator({ missing }, imageShape, streams) {
    const size = imageShape[1] * imageShape[2];
    const count = Math.floor(missing * size);
    return maskedOperator(imageShape, streams, (next) => {
      const mask = new Float32Array(size).fill(1);
      const order = Int32Array.from({ length: size }, (_, i) => i);
      for (let i = 0; i < count; i++) {
        const j = wholeBetween(next, i, size);
        [order[i], order[j]] = [order[j]!, order[i]!];
        mask[order[i]!] = 0;
      }
      return mask;
    });
  },
  noise: (params) => params.noise,
  baseline: observedMean,
});
