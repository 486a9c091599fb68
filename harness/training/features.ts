import { type Tensor, tf } from '../engine/tf.ts';
import {
  pooledFeatures,
  type TraitNetworkConfig,
  traitFeatures,
  traitLogits,
  traitNetworkShapes,
} from '../networks/trait-network.ts';
import { traitsOf } from './card/traits.ts';
import type { FeaturesTraining } from './config.ts';
import { Epochs, TrainingPictures } from './toyfaces.ts';
import type { Objective } from './trainer.ts';

type TraitBatch = { x: Tensor; y: Tensor };

/** Cross-entropy of everything that a caption states, summed over the questions: a classifier whose features are wanted. */
export function featuresObjective(
  network: TraitNetworkConfig,
  { batch, seed }: FeaturesTraining,
): Objective<TraitBatch> {
  const pictures = new TrainingPictures();
  const epochs = new Epochs(seed, batch);
  const starts = startsOf(network.classes);
  const width = starts.at(-1)! + network.classes.at(-1)!;
  return {
    specs: traitNetworkShapes(network),
    loss(params, { x, y }) {
      const logits = traitLogits(params, pooledFeatures(traitFeatures(params, network, x)));
      const entropies = network.classes.map((count, question) => {
        const part = (of: Tensor): Tensor => tf.slice(of, [0, starts[question]!], [batch, count]);
        return tf.neg(tf.sum(tf.mul(part(y), tf.logSoftmax(part(logits)))));
      });
      return tf.div(tf.addN(entropies), batch);
    },
    batch(step) {
      const { pixels, captions } = pictures.batch(epochs.indices(step));
      const target = new Float32Array(batch * width);
      for (const [row, caption] of captions.entries()) {
        for (const [question, answer] of traitsOf(caption).entries())
          target[row * width + starts[question]! + answer] = 1;
      }
      const side = Math.sqrt(pixels.length / (3 * batch));
      return { x: tf.tensor(pixels, [batch, 3, side, side]), y: tf.tensor(target, [batch, width]) };
    },
  };
}

/** Where each question's classes begin among the logits. */
function startsOf(classes: readonly number[]): number[] {
  let start = 0;
  return classes.map((count) => {
    start += count;
    return start - count;
  });
}
