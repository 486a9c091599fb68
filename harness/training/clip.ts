import type { ClipConfig } from '../networks/clip-config.ts';
import { clipImageFeatures, clipParameterShapes, clipTextFeatures } from '../networks/clip-model.ts';
import { clipPixels } from '../networks/clip-pixels.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import { type ClipBatch, clipBatches } from './clip-batch.ts';
import { infoNce } from './info-nce.ts';
import type { Objective } from './trainer.ts';

/**
 * CLIP's towers from nothing.
 * @param training `batch`: pictures of a step, an even number
 */
export function clipObjective(
  network: ClipConfig,
  tokenizer: Tokenizer,
  training: { batch: number; seed: number },
): Objective<ClipBatch> {
  return {
    specs: clipParameterShapes(network),
    loss(params, { x, ids, bias }) {
      const images = clipImageFeatures(params, network.vision_config, clipPixels(x));
      const texts = clipTextFeatures(params, network, ids);
      return infoNce({ images, texts, logScale: params.get('logit_scale') }, bias);
    },
    batch: clipBatches(network.vision_config.image_size, tokenizer, training),
  };
}
