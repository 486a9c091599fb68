/** The scale on which CLIP sees pictures. */
import { type Tensor, tf } from '../engine/tf.ts';

/** Of red, green and blue in [0,1], over CLIP's training pictures. */
export const CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073] as const;
export const CLIP_DEVIATION = [0.26862954, 0.26130258, 0.27577711] as const;

/** Pictures [B,3,H,W] in [-1,1], normalised by CLIP's mean and deviation. Differentiable. */
export function clipPixels(x: Tensor): Tensor {
  const channels = (values: readonly number[]) => tf.tensor([...values], [1, 3, 1, 1]);
  const unit = tf.div(tf.add(x, 1), 2);
  return tf.div(tf.sub(unit, channels(CLIP_MEAN)), channels(CLIP_DEVIATION));
}
