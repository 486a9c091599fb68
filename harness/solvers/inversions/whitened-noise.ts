/** Pix2pix-zero's regularisation of a predicted noise (Parmar et al., arXiv 2302.03027, section 3.2), by its public code's steps. */
import { type Tensor, tf } from '../../engine/tf.ts';
import { correlation, levelsOf } from './noise-regularisation.ts';

const CORRELATION_WEIGHT = 20;
const KL_WEIGHT = 20;
const SMALL = 1e-7;

/** How much of it there is: steps, and of each the gradient steps against correlation. */
interface Whitening {
  readonly regularisation: number;
  readonly rolls: number;
}

/** Of the uniform numbers that it takes: an amount to roll by for each step, roll, channel and level of the pyramid. */
export function amountsShape(
  { regularisation, rolls }: Whitening,
  [channels, height, width]: readonly [number, number, number],
): readonly number[] {
  return [regularisation, rolls, channels, levelsOf(height, width)];
}

/**
 * Gradient steps on e: less of it correlated with itself moved along, then its mean and variance towards 0 and 1.
 * @param e [B,C,H,W]
 * @param amounts [B, ...amountsShape], uniform in [0,1)
 */
export function whitened(e: Tensor, amounts: Tensor): Tensor {
  const [batch, steps, rolls, channels, levels] = amounts.shape as [number, number, number, number, number];
  for (let step = 0; step < steps; step++) {
    for (let roll = 0; roll < rolls; roll++) {
      const drawn = tf.slice(amounts, [0, step, roll, 0, 0], [batch, 1, 1, channels, levels]);
      const by = tf.reshape(drawn, [batch, channels, levels]);
      const gradient = tf.grad((e) => correlation(e, by))(e);
      e = moved(e, tf.mul(CORRELATION_WEIGHT / rolls, gradient));
    }
    e = moved(e, tf.mul(KL_WEIGHT, klGradient(e)));
  }
  return e;
}

/**
 * e - step, the step no longer than e: the weights were chosen for large latents, whose means change little by any one value, and
 * lead out of small ones.
 */
function moved(e: Tensor, step: Tensor): Tensor {
  const length = (x: Tensor) => tf.sqrt(tf.sum(tf.square(x), [1, 2, 3], true));
  const share = tf.minimum(1, tf.div(length(e), tf.add(length(step), SMALL)));
  return tf.sub(e, tf.mul(share, step));
}

/** Of var + mean^2 - 1 - log(var) of each picture, its variance unbiased. */
function klGradient(e: Tensor): Tensor {
  const n = e.shape.slice(1).reduce((a, b) => a * b, 1);
  const mean = tf.mean(e, [1, 2, 3], true);
  const apart = tf.sub(e, mean);
  const variance = tf.div(tf.sum(tf.square(apart), [1, 2, 3], true), n - 1);
  const slope = tf.sub(1, tf.div(1, tf.add(variance, SMALL)));
  return tf.add(tf.mul(slope, tf.mul(2 / (n - 1), apart)), tf.mul(2 / n, mean));
}
