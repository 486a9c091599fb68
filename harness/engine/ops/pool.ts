import { type Tensor, type Tensor4D, tf } from '../tf.ts';
import { operator } from './define.ts';

export interface PoolAttrs {
  /** Side of the square window. */
  readonly size: number;
  readonly stride: number;
  /** On all sides; never part of a maximum or a mean. */
  readonly padding: number;
  /** Keeps a last window that hangs over the right or bottom edge. */
  readonly ceil: boolean;
}

type PoolOptions = Partial<Omit<PoolAttrs, 'size'>>;

/** Length of a side after pooling. */
export function pooledLength(length: number, { size, stride, padding, ceil }: PoolAttrs): number {
  return (ceil ? Math.ceil : Math.floor)((length + 2 * padding - size) / stride) + 1;
}

/** How far the windows of a side reach, from the first padded pixel. */
function reach(length: number, attrs: PoolAttrs): number {
  return Math.max(length + 2 * attrs.padding, (pooledLength(length, attrs) - 1) * attrs.stride + attrs.size);
}

/**
 * For each place in a window, row by row, the values that all windows have there: [B*C,H',W',1] each. tfjs's own pools are
 * not used: on wasm those with ceil, and their gradients, are wrong.
 */
function places(x: Tensor, attrs: PoolAttrs, outside: number): Tensor[] {
  const [b, c, h, w] = x.shape as [number, number, number, number];
  const { size, stride, padding } = attrs;
  const [rows, columns] = [reach(h, attrs), reach(w, attrs)];
  const padded = tf.pad(
    tf.reshape(x, [b * c, h, w, 1]) as Tensor4D,
    [
      [0, 0],
      [padding, rows - h - padding],
      [padding, columns - w - padding],
      [0, 0],
    ],
    outside,
  );
  const last = (at: number, length: number) => at + (pooledLength(length, attrs) - 1) * stride + 1;
  return Array.from({ length: size * size }, (_, place) => {
    const [i, j] = [Math.floor(place / size), place % size];
    return tf.stridedSlice(padded, [0, i, j, 0], [b * c, last(i, h), last(j, w), 1], [1, stride, stride, 1]);
  });
}

function pooledShape({ shape: [b, c, h, w] }: Tensor, attrs: PoolAttrs): number[] {
  return [b!, c!, pooledLength(h!, attrs), pooledLength(w!, attrs)];
}

const LOWEST = -3.4028234663852886e38;

const maxGrad = operator<PoolAttrs>('MaxPool2dNchwGrad', ({ x, dy }, attrs) => {
  const [b, c, h, w] = x!.shape as [number, number, number, number];
  const { size, stride, padding } = attrs;
  const values = places(x!, attrs, LOWEST);
  const most = values.reduce((a, v) => tf.maximum(a, v));
  let left = tf.reshape(dy!, most.shape);
  const parts = values.map((value, place) => {
    const chosen = tf.equal(value, most);
    const part = tf.where(chosen, left, tf.zerosLike(left)) as Tensor4D;
    left = tf.where(chosen, tf.zerosLike(left), left);
    const one = new Float32Array(size * size);
    one[place] = 1;
    const filter = tf.tensor4d(one, [size, size, 1, 1]);
    return tf.conv2dTranspose(part, filter, [b * c, reach(h, attrs), reach(w, attrs), 1], stride, 'valid');
  });
  return tf.reshape(tf.slice(tf.addN(parts), [0, padding, padding, 0], [b * c, h, w, 1]), x!.shape);
});

const max = operator<PoolAttrs>(
  'MaxPool2dNchw',
  ({ x }, attrs) => {
    const most = places(x!, attrs, LOWEST).reduce((a, v) => tf.maximum(a, v));
    return tf.reshape(most, pooledShape(x!, attrs));
  },
  { save: ['x'], grad: (dy, [x], attrs) => ({ x: () => maxGrad({ x: x!, dy }, attrs) }) },
);

const average = operator<PoolAttrs>('AvgPool2dNchw', ({ x }, attrs) => {
  const counts = tf.addN(places(tf.onesLike(x!), attrs, 0));
  return tf.reshape(tf.div(tf.addN(places(x!, attrs, 0)), counts), pooledShape(x!, attrs));
});

const withDefaults = (size: number, options: PoolOptions): PoolAttrs => ({
  size,
  stride: size,
  padding: 0,
  ceil: false,
  ...options,
});

/** Largest value of each window. x [B,C,H,W] -> [B,C,H',W']. Of equal values the first one gets the gradient. */
export function maxPool2d(x: Tensor, size: number, options: PoolOptions = {}): Tensor {
  return max({ x }, withDefaults(size, options));
}

/** Mean of each window over the values inside the picture (PyTorch's count_include_pad false). No gradient. */
export function avgPool2d(x: Tensor, size: number, options: PoolOptions = {}): Tensor {
  return average({ x }, withDefaults(size, options));
}
