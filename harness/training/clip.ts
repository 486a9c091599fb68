import { type Tensor, tf } from '../engine/tf.ts';
import type { ClipConfig } from '../networks/clip-config.ts';
import { clipImageFeatures, clipParameterShapes, clipTextFeatures } from '../networks/clip-model.ts';
import { clipPixels } from '../networks/clip-pixels.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import { infoNce, otherPairs } from './info-nce.ts';
import { NeighbourPairs } from './neighbour-pairs.ts';
import { Epochs } from './toyfaces.ts';
import type { Objective } from './trainer.ts';

export type ClipBatch = { x: Tensor; ids: Tensor; bias: Tensor };

/**
 * CLIP's towers from nothing. Half of a batch are the other half's neighbours, with one attribute changed: once colours tell
 * most faces apart, only they teach what is small.
 * @param training `batch`: pictures of a step, an even number
 */
export function clipObjective(
  network: ClipConfig,
  tokenizer: Tokenizer,
  { batch, seed }: { batch: number; seed: number },
): Objective<ClipBatch> {
  const side = network.vision_config.image_size;
  const pairs = new NeighbourPairs(side, seed);
  const epochs = new Epochs(seed, batch / 2);
  return {
    specs: clipParameterShapes(network),
    loss(params, { x, ids, bias }) {
      const images = clipImageFeatures(params, network.vision_config, clipPixels(x));
      const texts = clipTextFeatures(params, network, ids);
      return infoNce({ images, texts, logScale: params.get('logit_scale') }, bias);
    },
    batch(step) {
      const { pixels, captions } = pairs.batch(epochs.indices(step));
      return {
        x: tf.tensor(pixels, [batch, 3, side, side]),
        ids: tf.tensor(tokenizer.encode(captions), [batch, tokenizer.length], 'int32'),
        bias: tf.tensor(otherPairs(captions), [batch, batch]),
      };
    },
  };
}
