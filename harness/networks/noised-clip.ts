/**
 * CLIP whose image tower sees noised pictures (Nichol et al., arXiv 2112.10741, section 2.4) and is told how noisy they are, by
 * a token beside those of class and patches.
 */
import { type Tensor, tf } from '../engine/tf.ts';
import type { ClipConfig } from './clip-config.ts';
import { clipParameterShapes } from './clip-model.ts';
import { clipVision } from './clip-vision.ts';
import { dense } from './layers.ts';
import { type ParamSpec, ShapeList } from './parameter-shapes.ts';
import type { NetworkParams } from './params.ts';
import { activatedTimeEmbedding, timeEmbeddingShapes } from './time-embedding.ts';

const LEVEL = 'level_embedding';
/** Beyond, a picture is as good as clean, or gone. */
const LOG_BOUND = 10;
const LEAST = 1 / (1 + Math.exp(LOG_BOUND));
const SINUSOIDS = { width: 64, flipSinToCos: true, freqShift: 0 } as const;

/**
 * Where noised pictures lie in the common space, not of unit length.
 * @param x sqrt(alpha-bar) picture in [-1,1] + sqrt(1 - alpha-bar) noise, [B,3,S,S]
 * @param alphaBar scalar or [B]
 * @returns [B,P]
 */
export function noisedImageFeatures(
  w: NetworkParams,
  { vision_config: vision }: ClipConfig,
  x: Tensor,
  alphaBar: Tensor,
): Tensor {
  const [batch, width] = [x.shape[0]!, vision.hidden_size];
  const level = activatedTimeEmbedding(w.scope(LEVEL), levelTime(alphaBar), SINUSOIDS);
  const token = tf.reshape(dense(w.scope(`${LEVEL}.linear_3`), level), [-1, 1, width]);
  const perPicture = tf.broadcastTo(token, [batch, 1, width]);
  return dense(w.scope('visual_projection'), clipVision(w, vision, x, perPicture));
}

/** Every parameter; the text tower is `clipTextFeatures`'. */
export function noisedClipShapes(config: ClipConfig): readonly ParamSpec[] {
  const width = config.vision_config.hidden_size;
  const shapes = new ShapeList([...clipParameterShapes(config)]);
  timeEmbeddingShapes(shapes.scope(LEVEL), SINUSOIDS.width, width);
  shapes.linear(`${LEVEL}.linear_3`, width, width);
  return shapes.specs;
}

/** A time axis that every schedule shares: the logarithm of noise to signal, its bounds at 0 and 1000. */
function levelTime(alphaBar: Tensor): Tensor {
  const kept = tf.clipByValue(alphaBar, LEAST, 1 - LEAST);
  const logRatio = tf.log(tf.div(tf.sub(1, kept), kept));
  return tf.mul(tf.add(tf.div(logRatio, LOG_BOUND), 1), 500);
}
