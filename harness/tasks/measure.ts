import type { z } from 'zod';
import { type Tensor, tf } from '../engine/tf.ts';
import { withNoise } from '../operators/noise.ts';
import { refuseMisfit } from './misfit.ts';
import type { ImageStreams, InverseProblem, InverseTask } from './task.ts';

/**
 * Degrades a batch of images [B,C,H,W] in [-1,1]: y = A(x) + sigma n. Noise falls on measured entries only, so a missing
 * pixel of y is 0.
 * @throws UserError if the parameters do not fit the images' size.
 */
export function measure<P extends z.ZodObject>(
  task: InverseTask<P>,
  params: z.infer<P>,
  images: Tensor,
  streams: ImageStreams,
): InverseProblem {
  const [, channels, height, width] = images.shape as [number, number, number, number];
  refuseMisfit(task, params, [channels, height, width]);
  const A = task.operator(params, [channels, height, width], streams);
  const sigma = task.sigma(params);
  const y = tf.tidy(() => {
    const clean = A.forward(images);
    return withNoise(A, clean, streams.normal('measurement', clean.shape.slice(1)), sigma);
  });
  return { y, A, sigma, noise: 'gaussian' };
}
