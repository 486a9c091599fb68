import { normals, uniforms } from '../engine/random.ts';
import { sizeOf } from '../engine/shape.ts';
import { type Tensor, tf } from '../engine/tf.ts';
import type { ClipConfig } from '../networks/clip-config.ts';
import { clipTextFeatures } from '../networks/clip-model.ts';
import { noisedClipShapes, noisedImageFeatures } from '../networks/noised-clip.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import { clipBatches } from './clip-batch.ts';
import { infoNce } from './info-nce.ts';
import type { Objective } from './trainer.ts';

export type NoisedClipBatch = Record<'x0' | 'noise' | 'alphaBar' | 'ids' | 'bias', Tensor>;

/**
 * CLIP of noised pictures, at every level of noise: alpha-bar is cos^2 of an angle between 0 and a right one, spread evenly,
 * as the cosine schedule spreads it. Face and neighbour share a level: else it would tell them apart.
 * @param training `batch`: pictures of a step, an even number
 */
export function noisedClipObjective(
  network: ClipConfig,
  tokenizer: Tokenizer,
  training: { batch: number; seed: number },
): Objective<NoisedClipBatch> {
  const side = network.vision_config.image_size;
  const { batch, seed } = training;
  const clean = clipBatches(side, tokenizer, training);
  const shape = [batch, 3, side, side];
  return {
    specs: noisedClipShapes(network),
    loss(params, { x0, noise, alphaBar, ids, bias }) {
      const spread = tf.sqrt(tf.sub(1, alphaBar));
      const x = tf.add(tf.mul(x0, tf.sqrt(alphaBar)), tf.mul(noise, spread));
      const images = noisedImageFeatures(params, network, x, alphaBar);
      const texts = clipTextFeatures(params, network, ids);
      return infoNce({ images, texts, logScale: params.get('logit_scale') }, bias);
    },
    batch(step) {
      const { x: x0, ids, bias } = clean(step);
      const offset = uniforms({ seed, role: 'train', image: 'times', draw: step })();
      const alphaBars = Array.from({ length: batch }, (_, n) => {
        const share = (Math.floor(n / 2) + offset) / (batch / 2);
        return Math.cos((share * Math.PI) / 2) ** 2;
      });
      const noise = normals({ seed, role: 'train', image: 'noise', draw: step }, sizeOf(shape));
      return {
        x0,
        noise: tf.tensor(noise, shape),
        alphaBar: tf.tensor(alphaBars, [batch, 1, 1, 1]),
        ids,
        bias,
      };
    },
  };
}
