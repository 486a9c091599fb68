/** ReNoise's regularisation of a predicted noise towards one whose statistics are right (arXiv 2403.14602, section 3.3). */
import { type Tensor, tf } from '../../engine/tf.ts';

const STEPS = 4;
const ROLLS = 5;
const KL_WEIGHT = 0.065;
const CORRELATION_WEIGHT = 20;
/** Entries of a channel below which that weight, which acts on means, would move each of them too far: there it falls with them. */
const FEW_ENTRIES = 16 * 16;
const LARGEST_KL_GRADIENT = 100;
const PATCH = 4;
const SMALL = 1e-6;
/** The pyramid ends with the level whose side is not above it. */
const LAST_SIDE = 8;

type Shape = readonly [channels: number, height: number, width: number];

/** Of the uniform numbers that one regularisation takes: an amount to roll by for each step, roll, channel and level. */
export function rollsShape([channels, height, width]: Shape): readonly number[] {
  return [STEPS, ROLLS, channels, levelsOf(height, width)];
}

/**
 * A few gradient steps on e: its patches' mean and variance towards those of `reference`, then less of it correlated with
 * itself moved along.
 * @param e [B,C,H,W], as is `reference`
 * @param rolls [B, ...rollsShape], uniform in [0,1)
 */
export function regularised(e: Tensor, reference: Tensor, rolls: Tensor): Tensor {
  const [batch, channels, height, width] = e.shape as [number, number, number, number];
  const levels = rolls.shape.at(-1)!;
  const weight = (CORRELATION_WEIGHT / ROLLS) * Math.min(1, (height * width) / FEW_ENTRIES);
  for (let step = 0; step < STEPS; step++) {
    const kl = tf.grad((e) => divergence(e, reference))(e);
    e = tf.sub(e, tf.mul(KL_WEIGHT, tf.clipByValue(kl, -LARGEST_KL_GRADIENT, LARGEST_KL_GRADIENT)));
    for (let roll = 0; roll < ROLLS; roll++) {
      const drawn = tf.slice(rolls, [0, step, roll, 0, 0], [batch, 1, 1, channels, levels]);
      const amounts = tf.reshape(drawn, [batch, channels, levels]);
      const gradient = tf.grad((e) => correlation(e, amounts))(e);
      e = tf.sub(e, tf.mul(weight, gradient));
    }
  }
  return e;
}

/** Sum over patches and channels of |log(v1/v0) + (v0 + (m0 - m1)^2) / v1 - 1|, 0 the noise and 1 the reference. */
function divergence(e: Tensor, reference: Tensor): Tensor {
  const [of, to] = [statistics(e), statistics(reference)];
  const v1 = tf.add(to.variance, SMALL);
  const ratio = tf.log(tf.div(v1, tf.add(of.variance, SMALL)));
  const spread = tf.div(tf.add(of.variance, tf.squaredDifference(of.mean, to.mean)), v1);
  return tf.sum(tf.abs(tf.sub(tf.add(ratio, spread), 1)));
}

/** Mean and unbiased variance of each patch and channel; what is left at the border belongs to none. */
function statistics(x: Tensor): { mean: Tensor; variance: Tensor } {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  const [rows, columns] = [Math.floor(height / PATCH), Math.floor(width / PATCH)];
  const whole = tf.slice(x, 0, [batch, channels, rows * PATCH, columns * PATCH]);
  const patches = tf.reshape(whole, [batch * channels, rows, PATCH, columns, PATCH]);
  const mean = tf.mean(patches, [2, 4], true);
  const squares = tf.sum(tf.square(tf.sub(patches, mean)), [2, 4], true);
  return { mean, variance: tf.div(squares, PATCH ** 2 - 1) };
}

/**
 * Over the levels of a pyramid, the squared means of x times itself rolled along its rows and along its columns.
 * @param amounts [B,C,levels], as shares of half a side
 */
export function correlation(x: Tensor, amounts: Tensor): Tensor {
  let level = x;
  let sum: Tensor = tf.scalar(0);
  for (let i = 0; i < amounts.shape[2]!; i++) {
    if (i > 0) level = halved(level);
    const [batch, channels, height, width] = level.shape as [number, number, number, number];
    const share = tf.reshape(tf.slice(amounts, [0, 0, i], [batch, channels, 1]), [batch, channels, 1, 1]);
    const by = tf.floor(tf.mul(share, Math.floor(height / 2)));
    const rows = tf.mul(level, tf.matMul(rolling(height, by), level));
    const columns = tf.mul(level, tf.matMul(level, rolling(width, by), false, true));
    for (const product of [rows, columns]) sum = tf.add(sum, tf.sum(tf.square(tf.mean(product, [2, 3]))));
  }
  return sum;
}

/** [B,C,side,side]: the matrix that moves each entry on by `by`, [B,C,1,1], round the end. */
function rolling(side: number, by: Tensor): Tensor {
  const index = Array.from({ length: side }, (_, i) => i);
  const apart = tf.tensor(
    index.flatMap((i) => index.map((j) => i - j)),
    [1, 1, side, side],
  );
  const moved = tf.equal(apart, by);
  const round = tf.equal(apart, tf.sub(by, side));
  return tf.cast(tf.logicalOr(moved, round), 'float32');
}

function halved(x: Tensor): Tensor {
  const [batch, channels, height, width] = x.shape as [number, number, number, number];
  return tf
    .mean(tf.reshape(x, [batch * channels, height / 2, 2, width / 2, 2]), [2, 4])
    .reshape([batch, channels, height / 2, width / 2]);
}

/** Sides that cannot be halved end a pyramid too. */
export function levelsOf(height: number, width: number): number {
  const last = height <= LAST_SIDE || height % 2 !== 0 || width % 2 !== 0;
  return last ? 1 : 1 + levelsOf(height / 2, width / 2);
}
