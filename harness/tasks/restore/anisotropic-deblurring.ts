import { z } from 'zod';
import { sampledGaussian, separableBlur } from '../../operators/separable-blur.ts';
import { kernelMisfit } from '../misfit.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** A Gaussian blur that is far wider one way than the other. */
export default defineRestoration({
  name: 'anisotropic-deblurring',
  title: 'Anisotropic deblurring',
  version: 1,
  source:
    'DDRM (arXiv 2201.11793): 9x9 Gaussian kernel, sigma 1 and 20; with reflection in place of its zeros outside',
  params: z.strictObject({
    kernelSize: z.int().min(1).default(9).describe('taps of the kernel, odd'),
    sigmaDown: z.number().positive().default(1).describe('standard deviation along the height, in pixels'),
    sigmaAcross: z.number().positive().default(20).describe('standard deviation along the width, in pixels'),
    noise,
  }),
  misfit: kernelMisfit,
  svd: true,
  operator: ({ kernelSize, sigmaDown, sigmaAcross }, imageShape) =>
    separableBlur(
      sampledGaussian(kernelSize, sigmaDown),
      sampledGaussian(kernelSize, sigmaAcross),
      imageShape,
    ),
  noise: (params) => params.noise,
  baseline: { name: 'measurement', solve: ({ y }) => y.clone() },
});
