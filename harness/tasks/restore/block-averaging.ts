import { z } from 'zod';
import { blockAverage } from '../../operators/block-average.ts';
import { factorMisfit } from '../misfit.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** Super-resolution of block averages. */
export default defineRestoration({
  name: 'block-averaging',
  title: 'Block averaging',
  version: 1,
  source: 'DDRM (arXiv 2201.11793) and DDNM (arXiv 2212.00490): super-resolution by average pooling',
  params: z.strictObject({
    factor: z.int().min(2).default(4).describe('side of a block; must divide the image size'),
    noise,
  }),
  misfit: factorMisfit,
  pseudoInverse: true,
  svd: true,
  projection: true,
  operator: ({ factor }, imageShape) => blockAverage(factor, imageShape),
  noise: (params) => params.noise,
  baseline: {
    name: 'nearest',
    solve: ({ y, A }) => A.pseudoInverse!(y),
  },
});
