/** What the inpainting tasks share. */
import { type Tensor, tf } from '../../engine/tf.ts';
import { inpainting } from '../../operators/inpainting.ts';
import type { Operator } from '../../operators/operator.ts';
import type { Given } from '../kinds.ts';
import type { ImageStreams } from '../task.ts';
import type { Uniforms } from './sampling.ts';

/** The inpainting operator of a batch whose masks (row-major, 1 = observed) are drawn image by image. */
export function maskedOperator(
  [, height, width]: readonly [number, number, number],
  streams: ImageStreams,
  draw: (next: Uniforms) => Float32Array,
): Operator {
  const masks = new Float32Array(streams.count * height * width);
  for (let i = 0; i < streams.count; i++)
    masks.set(draw(streams.uniforms('operator', i)), i * height * width);
  return inpainting(tf.tensor4d(masks, [streams.count, 1, height, width]));
}

/** Fills the missing pixels with the mean of the observed ones, for each image and channel. */
export const observedMean = {
  name: 'observed mean',
  solve: ({ y, A }: Given['restore']): Tensor =>
    tf.tidy(() => {
      const observed = A.forward(tf.onesLike(y));
      const mean = tf.div(tf.sum(y, [2, 3], true), tf.maximum(tf.sum(observed, [2, 3], true), 1));
      return tf.add(y, tf.mul(tf.sub(1, observed), mean));
    }),
};
