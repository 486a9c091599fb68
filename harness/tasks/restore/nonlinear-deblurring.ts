import { z } from 'zod';
import { throughCamera } from '../../operators/camera-response.ts';
import { motionBlur } from '../../operators/motion-blur.ts';
import { kernelMisfit } from '../misfit.ts';
import { motionKernel } from './motion-kernel.ts';
import { noise } from './noise.ts';
import { defineRestoration } from './restoration.ts';

/** Motion blur of light, seen through a camera's response: not DPS's nonlinear blur, which is a trained network. */
export default defineRestoration({
  name: 'nonlinear-deblurring',
  title: 'Nonlinear deblurring',
  version: 1,
  source: 'Nah et al., CVPR 2017 (arXiv 1612.02177), eq. 1 and 2; kernels after LeviBorodenko/motionblur',
  nonlinear: true,
  params: z.strictObject({
    kernelSize: z.int().min(3).default(15).describe('side of the kernel in pixels, odd; 61 at 512 pixels'),
    intensity: z.number().min(0).max(1).default(0.5).describe('0: straight path, 1: strongly shaken'),
    gamma: z.number().min(1).max(5).default(2.2).describe('of the response v^(1/gamma); 1 is linear'),
    noise,
  }),
  misfit: kernelMisfit,
  operator({ kernelSize, intensity, gamma }, imageShape, streams) {
    const kernels = Array.from({ length: streams.count }, (_, i) =>
      motionKernel(kernelSize, intensity, streams.uniforms('operator', i)),
    );
    return throughCamera(motionBlur(kernels, kernelSize, imageShape), gamma);
  },
  noise: (params) => params.noise,
  baseline: { name: 'measurement', solve: ({ y }) => y.clone() },
});
