import { z } from 'zod';
import { BLOCK, jpeg } from '../../operators/jpeg.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** What JPEG's quantisation rounded away; without its subsampling of colours, its clipping and its files. */
export default defineRestoration({
  name: 'jpeg-restoration',
  title: 'JPEG restoration',
  version: 1,
  source: "ITU-T T.81, annex K, with libjpeg's scale of quality; as an inverse problem: arXiv 2209.11888",
  nonlinear: true,
  params: z.strictObject({
    quality: z.int().min(1).max(100).default(10).describe('of libjpeg'),
    noise,
  }),
  misfit: (_, [, height, width]) =>
    height % BLOCK === 0 && width % BLOCK === 0
      ? null
      : { parameter: 'quality', expected: `images whose sides are multiples of ${BLOCK}` },
  operator: ({ quality }, imageShape) => jpeg(quality, imageShape),
  noise: (params) => params.noise,
  baseline: { name: 'measurement', solve: ({ y }) => y.clone() },
});
