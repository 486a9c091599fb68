import type { z } from 'zod';
import type { Tensor } from '../../engine/tf.ts';
import { poissonSigma, withNoise, withPoissonNoise } from '../../operators/noise.ts';
import type { Operator } from '../../operators/operator.ts';
import type { Given } from '../kinds.ts';
import { refuseMisfit } from '../misfit.ts';
import type { ImageShape, ImageStreams, Task } from '../task.ts';
import type { Noise } from './noise.ts';

/** A task that draws an operator for each image and measures: y = A(x) + noise. */
export interface Restoration<P extends z.ZodObject = z.ZodObject>
  extends Omit<Task<'restore', P>, 'baseline'> {
  /** The operators of one batch of images of size [C,H,W]. */
  operator(params: z.infer<P>, imageShape: ImageShape, streams: ImageStreams): Operator;
  /** A standard deviation in [-1,1] units, or Poisson noise. */
  noise(params: z.infer<P>): Noise;
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
      return { given: await measure(task, params, x, streams), truth: x };
    },
  };
}

/**
 * Degrades a batch of images [B,C,H,W] in [-1,1]. Noise falls on measured entries only, so a missing pixel of y is 0.
 * @throws UserError if the parameters do not fit the images' size.
 */
export async function measure(
  task: Pick<Restoration, 'name' | 'misfit' | 'operator' | 'noise'>,
  params: z.infer<z.ZodObject>,
  x: Tensor,
  streams: ImageStreams,
): Promise<Given['restore']> {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  refuseMisfit(task, params, [channels, height, width]);
  const A = task.operator(params, [channels, height, width], streams);
  const noise = task.noise(params);
  const clean = A.forward(x);
  if (typeof noise === 'number') {
    const y = withNoise(A, clean, streams.normal('measurement', clean.shape.slice(1)), noise);
    return { y, A, sigma: noise, noise: 'gaussian' };
  }
  const uniforms = Array.from({ length: streams.count }, (_, i) => streams.uniforms('measurement', i));
  const y = await withPoissonNoise(A, clean, uniforms, noise.poisson);
  return { y, A, sigma: poissonSigma(noise.poisson), noise: 'poisson' };
}
