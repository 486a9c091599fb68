import { z } from 'zod';
import { motionBlur } from '../../operators/motion-blur.ts';
import { kernelMisfit } from '../misfit.ts';
import { motionKernel } from './motion-kernel.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** A random kernel for each image. The default size suits 64-pixel images; the 512-pixel set uses kernelSize 61. */
export default defineRestoration({
  name: 'motion-deblurring',
  title: 'Motion deblurring',
  version: 1,
  source: 'DPS code, motion_blur; kernels after LeviBorodenko/motionblur',
  params: z.strictObject({
    kernelSize: z
      .number()
      .int()
      .min(3)
      .default(15)
      .describe('side of the kernel in pixels, odd; 61 at 512 pixels'),
    intensity: z.number().min(0).max(1).default(0.5).describe('0: straight path, 1: strongly shaken'),
    noise,
  }),
  misfit: kernelMisfit,
  operator({ kernelSize, intensity }, imageShape, streams) {
    const kernels = Array.from({ length: streams.count }, (_, i) =>
      motionKernel(kernelSize, intensity, streams.uniforms('operator', i)),
    );
    return motionBlur(kernels, kernelSize, imageShape);
  },
  noise: (params) => params.noise,
  baseline: { name: 'measurement', solve: ({ y }) => y.clone() },
});
