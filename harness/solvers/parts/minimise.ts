/** Minimisation to convergence between two steps of a sampler. */
import { type Tensor, tf } from '../../engine/tf.ts';
import type { Run } from '../run.ts';
import { type AdamState, adamInit, adamStep, gradientOf } from './gradients.ts';

const WEIGHT_DECAY = 0.01;

export interface Minimisation {
  readonly rate: number;
  /** At most. */
  readonly iterations: number;
  /** An image stops after the update whose loss was below it. */
  readonly below: number;
  /** It also stops where its loss is above that of so many iterations before. Default: never. */
  readonly window?: number;
}

/** The way to what is varied and back: from latents to pictures, for one. Default: it is what it starts from. */
export interface Passage {
  from?(start: Tensor): Tensor;
  to?(v: Tensor): Tensor;
}

/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101, Algorithm 2; PyTorch's decay by default), each image on its own: an image that has stopped stays
 * as it is. What it starts from is freed.
 * @param loss [B,...] -> [B]
 */
export function minimiser(
  run: Pick<Run, 'compile'>,
  loss: (v: Tensor) => Tensor,
  { rate, iterations, below, window = Number.POSITIVE_INFINITY }: Minimisation,
  { from = tf.clone, to = tf.clone }: Passage = {},
): (start: Tensor) => Promise<Tensor> {
  const iterate = run.compile(({ v, adam, open }: { v: Tensor; adam: AdamState; open: Tensor }) => {
    const { gradient, loss: losses } = gradientOf(v, (v) => ({ loss: loss(v) }));
    const { update, adam: next } = adamStep(adam, gradient, rate);
    const moved = tf.sub(tf.mul(v, 1 - rate * WEIGHT_DECAY), update);
    return { v: tf.add(tf.mul(open, moved), tf.mul(tf.sub(1, open), v)), adam: next, losses };
  });
  const [enter, leave] = [run.compile(from), run.compile(to)];
  return async (start) => {
    const v = await enter(start);
    const open = new Float32Array(v.shape[0]!).fill(1);
    const history: Float32Array[] = [];
    let s = { v, adam: adamInit(v) };
    for (let i = 0; i < iterations && open.includes(1); i++) {
      const mask = tf.tensor(open, [open.length, ...v.shape.slice(1).fill(1)]);
      const { losses, ...next } = await iterate({ ...s, open: mask });
      const now = (await losses.data()) as Float32Array;
      tf.dispose([s.v, { ...s.adam }, mask, losses]);
      s = next;
      const before = history[i - window];
      history.push(now);
      for (const [b, value] of now.entries())
        if (value < below || value > (before?.[b] ?? Infinity)) open[b] = 0;
    }
    const found = await leave(s.v);
    tf.dispose([start, s.v, { ...s.adam }]);
    return found;
  };
}
