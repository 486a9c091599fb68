import { z } from 'zod';
import { tf } from '../../engine/tf.ts';
import { blindBlur } from '../../operators/blind-blur.ts';
import { motionKernel } from '../restore/motion-kernel.ts';
import { defineBlindTask, sizeMisfit } from './blind-problem.ts';
import { kernelLaw } from './kernel-law.ts';
import { examples, kernelSize, noise } from './parameters.ts';

/** Motion deblurring where the kernel is not known. Zeros lie outside of the picture, as in BlindDPS's public code. */
export default defineBlindTask({
  name: 'blind-motion-deblurring',
  title: 'Blind motion deblurring',
  version: 1,
  source: 'BlindDPS (arXiv 2211.10656) and its code, blind_blur; kernels after LeviBorodenko/motionblur',
  params: z.strictObject({
    kernelSize: kernelSize(15),
    intensity: z.number().min(0).max(1).default(0.5).describe('0: straight path, 1: strongly shaken'),
    examples,
    noise,
  }),
  misfit: sizeMisfit,
  unknownShapes: ({ kernelSize: size }) => ({ kernel: [1, size, size] }),
  family({ kernelSize: size, intensity, examples: count }, imageShape) {
    const law = kernelLaw(`motion ${intensity}`, { count, size }, (next) =>
      motionKernel(size, intensity, next),
    );
    return blindBlur({ size, law, boundary: 'constant' }, imageShape);
  },
  unknowns({ kernelSize: size, intensity }, _, streams) {
    const kernels = Array.from({ length: streams.count }, (_, i) =>
      tf.tensor3d(Float32Array.from(motionKernel(size, intensity, streams.uniforms('operator', i))), [
        1,
        size,
        size,
      ]),
    );
    return { kernel: tf.stack(kernels) };
  },
  noise: (params) => params.noise,
});
