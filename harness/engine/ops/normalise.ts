import { type Tensor, tf } from '../tf.ts';
import { type Operator, operator } from './define.ts';

interface Eps {
  eps: number;
}

function moments(x: Tensor, eps: number): { centred: Tensor; inverseStd: Tensor } {
  const centred = tf.sub(x, tf.mean(x, 1, true));
  return { centred, inverseStd: tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), eps)) };
}

const rowInverseStd = operator<Eps>('RowInverseStd', ({ x }, { eps }) => moments(x!, eps).inverseStd);

/** (x - mean) / sqrt(variance + eps) of each row of x [R,N]. */
const standardiseRows: Operator<Eps> = operator<Eps>(
  'StandardiseRows',
  ({ x }, { eps }) => {
    const { centred, inverseStd } = moments(x!, eps);
    return tf.mul(centred, inverseStd);
  },
  {
    save: ['x'],
    // dx = rstd (g - mean(g) - xhat mean(g xhat)); the two values it needs again are those of the forward pass.
    grad: (g, [x], attrs) => ({
      x: () => {
        const xhat = standardiseRows({ x: x! }, attrs);
        const centred = tf.sub(g, tf.mean(g, 1, true));
        // mean(centred xhat) is mean(g xhat): xhat has no mean.
        const along = tf.mul(xhat, tf.mean(tf.mul(centred, xhat), 1, true));
        return tf.mul(tf.sub(centred, along), rowInverseStd({ x: x! }, attrs));
      },
    }),
  },
);

/** Group normalisation over channel groups of x [B,C,...]; gamma, beta [C]. */
export function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps: number): Tensor {
  const [b, c] = x.shape as [number, number];
  const normed = standardiseRows({ x: tf.reshape(x, [b * groups, -1]) }, { eps });
  const perChannel = [1, c, ...x.shape.slice(2).map(() => 1)];
  return tf.add(
    tf.mul(tf.reshape(normed, x.shape), tf.reshape(gamma, perChannel)),
    tf.reshape(beta, perChannel),
  );
}

/** Layer normalisation over the last axis of x [...,D]; gamma, beta [D]. */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps: number): Tensor {
  const normed = standardiseRows({ x: tf.reshape(x, [-1, x.shape[x.rank - 1]!]) }, { eps });
  return tf.add(tf.mul(tf.reshape(normed, x.shape), gamma), beta);
}
