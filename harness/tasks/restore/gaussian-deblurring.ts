import { z } from 'zod';
import { gaussianBlur } from '../../operators/gaussian-blur.ts';
import { kernelMisfit } from '../misfit.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/**
 * The defaults suit 64-pixel images; the 512-pixel set uses kernelSize 61, sigma 3. At sigma 1.5 the measurement lies only 5.8 dB below the embedded prior's autoencoder (configs/baselines.yaml).
 */
export default defineRestoration({
  name: 'gaussian-deblurring',
  title: 'Gaussian deblurring',
  version: 1,
  source: 'DPS code, gaussian_blur',
  params: z.strictObject({
    kernelSize: z.number().int().min(1).default(21).describe('taps of the kernel, odd; 61 at 512 pixels'),
    sigma: z.number().positive().default(2.5).describe('standard deviation in pixels; 3 at 512 pixels'),
    noise,
  }),
  misfit: kernelMisfit,
  svd: true,
  operator: (params, imageShape) => gaussianBlur(params, imageShape),
  noise: (params) => params.noise,
  baseline: { name: 'measurement', solve: ({ y }) => y.clone() },
});
