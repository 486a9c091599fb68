import { z } from 'zod';
import { separableBlur, uniformKernel } from '../../operators/separable-blur.ts';
import { kernelMisfit } from '../misfit.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** A blur by a square of equal weights. */
export default defineRestoration({
  name: 'uniform-deblurring',
  title: 'Uniform deblurring',
  version: 1,
  source: 'DDRM (arXiv 2201.11793): 9x9 uniform kernel; with reflection in place of its zeros outside',
  params: z.strictObject({
    kernelSize: z.int().min(1).default(9).describe('side of the kernel in pixels, odd'),
    noise,
  }),
  misfit: kernelMisfit,
  svd: true,
  operator({ kernelSize }, imageShape) {
    const kernel = uniformKernel(kernelSize);
    return separableBlur(kernel, kernel, imageShape);
  },
  noise: (params) => params.noise,
  baseline: { name: 'measurement', solve: ({ y }) => y.clone() },
});
