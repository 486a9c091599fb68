import { adjoint, defineRestoration, noise, type Operator, type Tensor, tf, z } from 'tweedie';

/** The mean of the three channels, [B,3,H,W] -> [B,1,H,W]. A A^T = 1/3, so the proximal map has a closed form. */
const grey: Operator = {
  name: 'grey',
  linear: true,
  forward: (x) => tf.mean(x, 1, true),
  adjoint: (y) => tf.tile(tf.div(y, 3), [1, 3, 1, 1]),
  proximal(y, x0, lambda) {
    const residual = tf.sub(y, grey.forward(x0));
    return tf.add(x0, adjoint(grey, tf.div(residual, tf.add(lambda, 1 / 3))));
  },
  dispose: () => {},
};

/** Colours from brightness. */
export default defineRestoration({
  name: 'brightness',
  version: 1,
  source: 'weights (1/3, 1/3, 1/3), as DDRM and DDNM',
  params: z.strictObject({ noise }),
  operator: () => grey,
  noise: (params) => params.noise,
  baseline: { name: 'grey', solve: ({ y }): Tensor => tf.tile(y, [1, 3, 1, 1]) },
});
