/** Diffusion priors without a network: the exact noise of laws whose E[x_0 | x_t] has a closed form. */
import { type Tensor, type Tensor2D, tf } from '../engine/tf.ts';
import type { UnknownPrior } from './prior.ts';
import type { Schedule } from './schedule.ts';

/** The levels of x_t = signal x_0 + noise e at a time, as scalar tensors. */
interface Levels {
  readonly signal: Tensor;
  readonly noise: Tensor;
}

/**
 * The prior of N(m_i, spread^2), i uniform over examples m [N,c,h,w]: E[x_0 | x_t] is an average of the examples, each
 * weighed by its likelihood, and moved towards x_t by what the spread leaves open.
 */
export function examplesPrior(
  examples: Tensor,
  spread: number,
  schedule: Pick<Schedule, 'length' | 'level'>,
): UnknownPrior {
  const [count, ...shape] = examples.shape as [number, number, number, number];
  const flat = tf.reshape(examples, [count, -1]) as Tensor2D;
  const squares = tf.sum(tf.square(flat), 1);
  return {
    shape,
    predict: fromMean(schedule, (x, { signal, noise }) => {
      const rows = tf.reshape(x, [x.shape[0]!, -1]) as Tensor2D;
      const variance = tf.add(tf.square(tf.mul(signal, spread)), tf.square(noise));
      // log N(x_t; signal m_i, variance), without what is the same for all.
      const fit = tf.sub(
        tf.mul(signal, tf.matMul(rows, flat, false, true)),
        tf.mul(tf.div(tf.square(signal), 2), squares),
      );
      const mean = tf.matMul(tf.softmax(tf.div(fit, variance)) as Tensor2D, flat);
      const gain = tf.div(tf.mul(signal, spread * spread), variance);
      return tf.reshape(tf.add(mean, tf.mul(gain, tf.sub(rows, tf.mul(signal, mean)))), x.shape);
    }),
  };
}

/**
 * The prior of fields U (R o W) U^T, W standard normal, for each channel: E[x_0 | x_t] is Wiener's filter, which acts on each
 * entry of U^T x_t U alone.
 * @param basis U [n,n], orthogonal
 * @param variances R^2 [n,n]
 */
export function gaussianFieldPrior(
  basis: Tensor2D,
  variances: Tensor2D,
  shape: UnknownPrior['shape'],
  schedule: Pick<Schedule, 'length' | 'level'>,
): UnknownPrior {
  const side = basis.shape[0];
  const turned = (x: Tensor, back: boolean) => {
    const columns = tf.matMul(tf.reshape(x, [-1, side]), basis, false, back);
    const upright = tf.transpose(tf.reshape(columns, [-1, side, side]), [0, 2, 1]);
    const rows = tf.matMul(tf.reshape(upright, [-1, side]), basis, false, back);
    return tf.transpose(tf.reshape(rows, [-1, side, side]), [0, 2, 1]);
  };
  return {
    shape,
    predict: fromMean(schedule, (x, { signal, noise }) => {
      const gain = tf.div(
        tf.mul(signal, variances),
        tf.add(tf.mul(tf.square(signal), variances), tf.square(noise)),
      );
      return tf.reshape(turned(tf.mul(gain, turned(x, false)), true), x.shape);
    }),
  };
}

/** The noise (x_t - signal E[x_0 | x_t]) / noise; its learned variance lies half-way between the bounds. */
function fromMean(
  schedule: Pick<Schedule, 'length' | 'level'>,
  mean: (x: Tensor, levels: Levels) => Tensor,
): UnknownPrior['predict'] {
  const levels = Array.from({ length: schedule.length }, (_, t) => schedule.level(t));
  const signals = tf.tensor1d(levels.map(({ signal }) => signal));
  const noises = tf.tensor1d(levels.map(({ noise }) => noise));
  return (x, t) => {
    const index = tf.cast(t, 'int32');
    const [signal, noise] = [tf.gather(signals, index), tf.gather(noises, index)];
    return {
      value: tf.div(tf.sub(x, tf.mul(signal, mean(x, { signal, noise }))), noise),
      variance: tf.zerosLike(x),
    };
  };
}
