import { type Tensor, tf } from '../tf.ts';
import { silu, siluGrad } from './activation.ts';
import { type Operator, operator } from './define.ts';

type None = Record<string, never>;
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

const scaleShiftSiluGrad = operator<None>('ScaleShiftSiluGrad', ({ x, scale, shift, dy }) =>
  siluGrad({ x: scaledAndShifted(x!, scale!, shift!), dy: dy! }, {}),
);

const scaleShiftSilu = operator<None>(
  'ScaleShiftSilu',
  ({ x, scale, shift }) => silu(scaledAndShifted(x!, scale!, shift!)),
  {
    save: ['x', 'scale', 'shift'],
    grad: (dy, [x, scale, shift]) => {
      const before = () => scaleShiftSiluGrad({ x: x!, scale: scale!, shift: shift!, dy }, {});
      const perChannel = (g: Tensor) =>
        tf.sum(
          g,
          scale!.shape.flatMap((d, axis) => (d === 1 ? [axis] : [])),
          true,
        );
      return {
        x: () => tf.mul(before(), scale!),
        scale: () => perChannel(tf.mul(before(), x!)),
        shift: () => perChannel(before()),
      };
    },
  },
);

function scaledAndShifted(x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  return tf.add(tf.mul(x, scale), shift);
}

/** Standardised over channel groups; gamma and beta in a shape that broadcasts over it. */
function grouped(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps: number): Grouped {
  const [b, c] = x.shape as [number, number];
  const normed = standardiseRows({ x: tf.reshape(x, [b * groups, -1]) }, { eps });
  const perChannel = [1, c, ...x.shape.slice(2).map(() => 1)];
  return {
    x: tf.reshape(normed, x.shape),
    scale: tf.reshape(gamma, perChannel),
    shift: tf.reshape(beta, perChannel),
  };
}
type Grouped = Record<'x' | 'scale' | 'shift', Tensor>;

/** Group normalisation over channel groups of x [B,C,...]; gamma, beta [C]. */
export function groupNorm(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps: number): Tensor {
  const normed = grouped(x, groups, gamma, beta, eps);
  return scaledAndShifted(normed.x, normed.scale, normed.shift);
}

/** silu(groupNorm(...)), whose gradient keeps one map of x's size instead of two. */
export function groupNormSilu(x: Tensor, groups: number, gamma: Tensor, beta: Tensor, eps: number): Tensor {
  return scaleShiftSilu(grouped(x, groups, gamma, beta, eps), {});
}

/** Layer normalisation over the last axis of x [...,D]; gamma, beta [D]. */
export function layerNorm(x: Tensor, gamma: Tensor, beta: Tensor, eps: number): Tensor {
  const normed = standardiseRows({ x: tf.reshape(x, [-1, x.shape[x.rank - 1]!]) }, { eps });
  return tf.add(tf.mul(tf.reshape(normed, x.shape), gamma), beta);
}
