import { z } from 'zod';

/** The measurement noise of every task (DPS's code convention). */
export const noise = z
  .number()
  .min(0)
  .default(0.01)
  .describe('standard deviation of the Gaussian measurement noise, for images in [-1,1]');
