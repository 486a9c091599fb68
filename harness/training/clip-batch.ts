import { type Tensor, tf } from '../engine/tf.ts';
import type { Tokenizer } from '../networks/tokenizer.ts';
import { otherPairs } from './info-nce.ts';
import { NeighbourPairs } from './neighbour-pairs.ts';
import { Epochs } from './toyfaces.ts';

/** Pictures x [B,3,side,side] in [-1,1], their captions' ids [B,L], and what keeps captions that are alike apart, [B,B]. */
export type ClipBatch = { x: Tensor; ids: Tensor; bias: Tensor };

/**
 * The pictures of a step, with their captions. Half of them are the other half's neighbours, with one attribute changed: once
 * colours tell most faces apart, only they teach what is small.
 * @param training `batch`: pictures of a step, an even number
 */
export function clipBatches(
  side: number,
  tokenizer: Tokenizer,
  { batch, seed }: { batch: number; seed: number },
): (step: number) => ClipBatch {
  const pairs = new NeighbourPairs(side, seed);
  const epochs = new Epochs(seed, batch / 2);
  return (step) => {
    const { pixels, captions } = pairs.batch(epochs.indices(step));
    return {
      x: tf.tensor(pixels, [batch, 3, side, side]),
      ids: tf.tensor(tokenizer.encode(captions), [batch, tokenizer.length], 'int32'),
      bias: tf.tensor(otherPairs(captions), [batch, batch]),
    };
  };
}
