import type { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import type { ByUnknown, OperatorFamily } from '../../operators/operator-family.ts';
import type { Given } from '../kinds.ts';
import { refuseMisfit } from '../misfit.ts';
import type { ImageShape, ImageStreams, Misfit, Task } from '../task.ts';

/** A task that draws an operator for each image, measures y = A_u(x) + noise and does not tell u. */
interface BlindTask<P extends z.ZodObject = z.ZodObject> extends Omit<Task<'blind', P>, 'kind' | 'pose'> {
  /** The operators that may have measured images of size [C,H,W]. */
  family(params: z.infer<P>, imageShape: ImageShape): OperatorFamily;
  /** What has measured those of one batch. */
  unknowns(params: z.infer<P>, imageShape: ImageShape, streams: ImageStreams): ByUnknown<Tensor>;
  /** Standard deviation of the Gaussian noise, for images in [-1,1]. */
  noise(params: z.infer<P>): number;
}

/** A blind task is said by its operators, how one is drawn, and its noise. Its baseline is the measurement as it is. */
export function defineBlindTask<P extends z.ZodObject>(said: Omit<BlindTask<P>, 'baseline'>): Task<'blind'> {
  const { family, unknowns, noise, ...task } = said as unknown as BlindTask;
  return {
    ...task,
    kind: 'blind',
    async pose({ x }, params, streams) {
      const imageShape = x.shape.slice(1) as [number, number, number];
      refuseMisfit(task, params, imageShape);
      const [A, sigma] = [family(params, imageShape), noise(params)];
      const u = unknowns(params, imageShape, streams);
      const clean = A.forward(x, u);
      const gaussian = streams.normal('measurement', clean.shape.slice(1));
      const y = tf.add(clean, tf.mul(gaussian, sigma));
      return { given: { y, A, sigma }, truth: x, truths: u };
    },
    baseline: { name: 'measurement', solve: asMeasured },
  };
}

/** The measurement, as if each unknown had done nothing: the kernel is a point. */
function asMeasured({ y, A: { unknowns } }: Given['blind']): ByUnknown<Tensor> & { x: Tensor } {
  const [, , size] = unknowns.kernel.shape;
  const middle = Math.floor((size - 1) / 2) * (size + 1);
  const point = tf.reshape(tf.oneHot(tf.tensor1d([middle], 'int32'), size * size), [1, 1, size, size]);
  const batch = y.shape[0]!;
  return {
    x: y.clone(),
    kernel: tf.tile(tf.cast(point, 'float32'), [batch, 1, 1, 1]),
    ...(unknowns.tilt && { tilt: tf.zeros([batch, ...unknowns.tilt.shape]) }),
  };
}

/** A kernel is no larger than the image. */
export function sizeMisfit(
  { kernelSize }: { readonly kernelSize: number },
  [, height, width]: ImageShape,
): Misfit | null {
  const largest = Math.min(height, width);
  return kernelSize <= largest ? null : { parameter: 'kernelSize', expected: `at most ${largest}` };
}
