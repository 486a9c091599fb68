import type { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { withNoise } from '../../operators/noise.ts';
import type { Operator } from '../../operators/operator.ts';
import type { Given } from '../kinds.ts';
import { refuseMisfit } from '../misfit.ts';
import type { ImageShape, ImageStreams, Task } from '../task.ts';

/** A task that draws an operator for each image and measures: y = A(x) + sigma n. */
export interface Restoration<P extends z.ZodObject = z.ZodObject>
  extends Omit<Task<'restore', P>, 'baseline'> {
  /** The operators of one batch of images of size [C,H,W]. */
  operator(params: z.infer<P>, imageShape: ImageShape, streams: ImageStreams): Operator;
  /** Noise level for the given parameters, in [-1,1] units. */
  sigma(params: z.infer<P>): number;
  readonly baseline: {
    readonly name: string;
    solve(given: Given['restore'], imageShape: ImageShape): Tensor;
  };
}

/** A restoration task is said by its operator, its noise and its baseline. */
export function defineRestoration<P extends z.ZodObject>(
  said: Omit<Restoration<P>, 'kind' | 'pose'>,
): Restoration {
  const task = said as unknown as Omit<Restoration, 'kind' | 'pose'>;
  return {
    ...task,
    kind: 'restore',
    async pose({ x }, params, streams) {
      return { given: measure(task, params, x, streams), truth: x };
    },
  };
}

/**
 * Degrades a batch of images [B,C,H,W] in [-1,1]. Noise falls on measured entries only, so a missing pixel of y is 0.
 * @throws UserError if the parameters do not fit the images' size.
 */
export function measure(
  task: Pick<Restoration, 'name' | 'misfit' | 'operator' | 'sigma'>,
  params: z.infer<z.ZodObject>,
  x: Tensor,
  streams: ImageStreams,
): Given['restore'] {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  refuseMisfit(task, params, [channels, height, width]);
  const A = task.operator(params, [channels, height, width], streams);
  const sigma = task.sigma(params);
  const y = tf.tidy(() => {
    const clean = A.forward(x);
    return withNoise(A, clean, streams.normal('measurement', clean.shape.slice(1)), sigma);
  });
  return { y, A, sigma, noise: 'gaussian' };
}
