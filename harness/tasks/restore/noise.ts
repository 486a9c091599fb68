import { z } from 'zod';

/** Gaussian noise of a standard deviation, or Poisson noise of a rate. */
export type Noise = number | { readonly poisson: number };

/** Gaussian measurement noise (DPS's code convention). */
export const gaussianNoise = z
  .number()
  .min(0)
  .default(0.01)
  .describe('standard deviation of the Gaussian measurement noise, for images in [-1,1]');

/** The measurement noise of tasks whose measurements are pictures. */
export const noiseBy = (sigma: number) =>
  z
    .union([z.number().min(0), z.strictObject({ poisson: z.number().positive().max(1000) })])
    .default(sigma)
    .describe(
      'standard deviation of the Gaussian measurement noise, for images in [-1,1]; or Poisson noise of 255 x rate photons in white',
    );
export const noise = noiseBy(0.01);
