import { type Tensor, tf } from '../engine/tf.ts';
import type { ClipVisionConfig } from '../networks/clip-config.ts';
import { clipPixels } from '../networks/clip-pixels.ts';
import { clipText, embedTokens } from '../networks/clip-text.ts';
import type { ClipTextConfig } from '../networks/clip-text-config.ts';
import { clipVision } from '../networks/clip-vision.ts';
import { dense } from '../networks/layers.ts';
import { ShapeList } from '../networks/parameter-shapes.ts';
import type { NetworkParams } from '../networks/params.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import { type ClipBatch, clipBatches } from './clip-batch.ts';
import { infoNce } from './info-nce.ts';
import type { Objective } from './trainer.ts';

export const VISUAL_PROJECTION = 'visual_projection.';
const LOG_SCALE = 'logit_scale';

/** Both towers, which stay as they are: CLIP's of pictures, a prior's of texts. */
export interface FrozenTowers {
  readonly vision: { readonly params: NetworkParams; readonly config: ClipVisionConfig };
  readonly text: { readonly params: NetworkParams; readonly config: ClipTextConfig };
}

/**
 * A projection that puts CLIP's pictures among the tokens of a prior's text encoder, which was not trained with it: the
 * contrastive loss against the mean over a caption's tokens, less the batch's mean, which says nothing of a picture.
 * @param training `batch`: pictures of a step, an even number
 */
export function clipImageObjective(
  { vision, text }: FrozenTowers,
  tokenizer: Tokenizer,
  training: { batch: number; seed: number },
): Objective<ClipBatch> {
  const shapes = new ShapeList();
  shapes.linear(VISUAL_PROJECTION.slice(0, -1), vision.config.hidden_size, text.config.hidden_size, false);
  shapes.logScale(LOG_SCALE);
  return {
    specs: shapes.specs,
    loss(params, { x, ids, bias }) {
      const pooled = clipVision(vision.params, vision.config, clipPixels(x));
      const images = dense(params.scope(VISUAL_PROJECTION.slice(0, -1)), pooled);
      const texts = meanTokens(text, ids);
      const centred = tf.sub(texts, tf.mean(texts, 0, true));
      return infoNce({ images, texts: centred, logScale: params.get(LOG_SCALE) }, bias);
    },
    batch: clipBatches(vision.config.image_size, tokenizer, training),
  };
}

/** The mean over a text's tokens. Ids [B,L] -> [B,D]. */
export function meanTokens({ params, config }: FrozenTowers['text'], ids: Tensor): Tensor {
  return tf.mean(clipText(params, config, embedTokens(params, ids)), 1);
}
