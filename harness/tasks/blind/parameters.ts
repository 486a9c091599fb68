import { z } from 'zod';

export const kernelSize = (usual: number) =>
  z.int().min(3).default(usual).describe('side of the kernel in pixels; 64 at 256 pixels');

export const examples = z
  .int()
  .min(1)
  .max(10_000)
  .default(1000)
  .describe('kernels drawn as the unknown one is, from which a method knows their distribution');

/** BlindDPS's, at every task. */
export const noise = z
  .number()
  .min(0)
  .default(0.02)
  .describe('standard deviation of the Gaussian measurement noise, for images in [-1,1]');
