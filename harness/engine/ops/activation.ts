import { type Tensor, tf } from '../tf.ts';
import { operator } from './define.ts';

type None = Record<string, never>;

/** dy times the slope at x of silu. */
export const siluGrad = operator<None>('SiluGrad', ({ x, dy }) => {
  const s = tf.sigmoid(x!);
  return tf.mul(dy!, tf.mul(s, tf.add(tf.mul(x!, tf.sub(1, s)), 1)));
});
const siluOp = operator<None>('Silu', ({ x }) => tf.mul(x!, tf.sigmoid(x!)), {
  save: ['x'],
  grad: (dy, [x]) => ({ x: () => siluGrad({ x: x!, dy }, {}) }),
});

/** x * sigmoid(x). */
export function silu(x: Tensor): Tensor {
  return siluOp({ x }, {});
}

const geluOp = operator<None>(
  'Gelu',
  ({ x }) => tf.mul(tf.mul(x!, 0.5), tf.add(tf.erf(tf.mul(x!, Math.SQRT1_2)), 1)),
  {
    save: ['x'],
    // Phi(x) + x phi(x)
    grad: (dy, [x]) => ({
      x: () => {
        const cdf = tf.mul(tf.add(tf.erf(tf.mul(x!, Math.SQRT1_2)), 1), 0.5);
        const pdf = tf.mul(tf.exp(tf.mul(tf.square(x!), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(cdf, tf.mul(x!, pdf)));
      },
    }),
  },
);

/** Exact GELU, x * Phi(x). */
export function gelu(x: Tensor): Tensor {
  return geluOp({ x }, {});
}

/** CLIP's approximation of GELU, x * sigmoid(1.702 x). */
export function quickGelu(x: Tensor): Tensor {
  return tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)));
}
