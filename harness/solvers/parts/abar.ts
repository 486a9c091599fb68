/** Mixtures by abar = signal^2, as TReg and DreamSampler weigh estimate against measurement and old noise against new. */
import { type Tensor, tf } from '../../engine/tf.ts';
import type { DdimAt, Grid } from './grids.ts';

/** Of a DDIM grid: abar where the leg starts and where it lands. */
export interface AbarAt extends DdimAt {
  readonly abar: Tensor;
  readonly abarNext: Tensor;
}

export function withAbar(grid: Grid<DdimAt>): Grid<AbarAt> {
  return {
    ...grid,
    at: (c, gaussian) => ({
      ...grid.at(c, gaussian),
      abar: tf.square(c.signal!),
      abarNext: tf.square(c.signalNext!),
    }),
  };
}

/** share a + (1 - share) b. */
export function blend(share: Tensor, a: Tensor, b: Tensor): Tensor {
  return tf.add(tf.mul(share, a), tf.mul(tf.sub(1, share), b));
}

/** sqrt(1 - share) e + sqrt(share) n: noise of the same variance, a share of it fresh. */
export function renewed(share: Tensor, e: Tensor, n: Tensor): Tensor {
  return tf.add(tf.mul(tf.sqrt(tf.sub(1, share)), e), tf.mul(tf.sqrt(share), n));
}
