import { type Tensor, tf } from '../tf.ts';
import { operator } from './define.ts';

interface Factor {
  factor: number;
}

/** [B,C,H,W] seen as [B*C*h, factor, w, factor] blocks (rank 4, which every backend supports). */
function blocks(x: Tensor, factor: number): number[] {
  const [b, c, h, w] = x.shape as [number, number, number, number];
  return [(b * c * h) / factor, factor, w / factor, factor];
}

const sumBlocks = operator<Factor>('SumBlocks', ({ x }, { factor }) => {
  const [b, c, h, w] = x!.shape as [number, number, number, number];
  return tf.reshape(tf.sum(tf.reshape(x!, blocks(x!, factor)), [1, 3]), [b, c, h / factor, w / factor]);
});

const upsample = operator<Factor>(
  'UpsampleNearest',
  ({ x }, { factor }) => {
    const [b, c, h, w] = x!.shape as [number, number, number, number];
    const tiled = tf.tile(tf.reshape(x!, [b * c * h, 1, w, 1]), [1, factor, 1, factor]);
    return tf.reshape(tiled, [b, c, h * factor, w * factor]);
  },
  { save: [], grad: (dy, _, attrs) => ({ x: () => sumBlocks({ x: dy }, attrs) }) },
);

/** Nearest-neighbour resize of x [B,C,H,W] to [height, width] (PyTorch's `nearest`: source = floor(i * in / out)). */
export function upsampleNearest(x: Tensor, [height, width]: readonly [number, number]): Tensor {
  const [, , h, w] = x.shape as [number, number, number, number];
  const factor = height / h;
  if (Number.isInteger(factor) && width / w === factor) return upsample({ x }, { factor });
  const sources = (out: number, from: number): Tensor =>
    tf.tensor1d(
      Array.from({ length: out }, (_, i) => Math.floor((i * from) / out)),
      'int32',
    );
  return tf.gather(tf.gather(x, sources(height, h) as never, 2), sources(width, w) as never, 3);
}
