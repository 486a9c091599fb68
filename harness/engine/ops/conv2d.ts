import { type Tensor, type Tensor4D, tf } from '../tf.ts';
import { operator } from './define.ts';

export interface Conv2dOptions {
  stride?: number;
  /** One number for all sides, or [top, bottom, left, right]. */
  padding?: number | readonly [number, number, number, number];
}

export interface ConvAttrs {
  stride: number;
  pads: readonly [number, number, number, number];
}
type Shaped = ConvAttrs & { shape: number[] };

const toNhwc = (x: Tensor): Tensor4D => tf.transpose(x, [0, 2, 3, 1]) as Tensor4D;
const toNchw = (x: Tensor): Tensor => tf.transpose(x, [0, 3, 1, 2]);
const toHwio = (w: Tensor): Tensor4D => tf.transpose(w, [2, 3, 1, 0]) as Tensor4D;

function padNhwc(x: Tensor4D, [top, bottom, left, right]: ConvAttrs['pads']): Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
}

/** Shape of the padded input in NHWC. */
function paddedShape(
  [b, c, h, w]: readonly number[],
  [top, bottom, left, right]: ConvAttrs['pads'],
): [number, number, number, number] {
  return [b!, h! + top + bottom, w! + left + right, c!];
}

const gradX = operator<Shaped>('Conv2dNchwGradX', ({ dy, w }, { stride, pads, shape }) => {
  const padded = paddedShape(shape, pads);
  const full = tf.conv2dTranspose(toNhwc(dy!), toHwio(w!), padded, stride, 'valid');
  return toNchw(tf.slice(full, [0, pads[0], pads[2], 0], [shape[0]!, shape[2]!, shape[3]!, shape[1]!]));
});

const gradW = operator<Shaped>('Conv2dNchwGradW', ({ x, dy }, { stride, pads, shape }) => {
  const [o, i, kh, kw] = shape as [number, number, number, number];
  const inputs = { x: padNhwc(toNhwc(x!), pads), dy: toNhwc(dy!) };
  if (!tf.getKernel('Conv2DBackpropFilter', tf.getBackend())) return gradWByPositions(inputs, stride, shape);
  const attrs = { strides: stride, pad: 'valid', dataFormat: 'NHWC', filterShape: [kh, kw, i, o] };
  return tf.transpose(tf.engine().runKernel('Conv2DBackpropFilter', inputs, attrs) as Tensor, [3, 2, 0, 1]);
});

/** A product for each position of the kernel: tfjs's wasm backend has nothing else. x (padded) and dy in NHWC. */
function gradWByPositions(
  { x, dy }: { readonly x: Tensor4D; readonly dy: Tensor4D },
  stride: number,
  shape: readonly number[],
): Tensor {
  const [o, i, kh, kw] = shape as [number, number, number, number];
  const [batch, height, width] = dy.shape;
  const rows = tf.reshape(dy, [-1, o]);
  const products = Array.from({ length: kh * kw }, (_, position) => {
    const [top, left] = [Math.floor(position / kw), position % kw];
    const end = [batch, top + (height - 1) * stride + 1, left + (width - 1) * stride + 1, i];
    const seen = tf.stridedSlice(x, [0, top, left, 0], end, [1, stride, stride, 1]);
    return tf.matMul(rows, tf.reshape(seen, [-1, i]), true);
  });
  return tf.reshape(tf.transpose(tf.stack(products), [1, 2, 0]), [o, i, kh, kw]);
}

const conv = operator<ConvAttrs>(
  'Conv2dNchw',
  ({ x, w, bias }, { stride, pads }) => {
    const y = toNchw(tf.conv2d(padNhwc(toNhwc(x!), pads), toHwio(w!), stride, 'valid'));
    return bias ? tf.add(y, tf.reshape(bias, [1, -1, 1, 1])) : y;
  },
  {
    save: ['x', 'w'],
    grad: (dy, [x, w], attrs) => ({
      x: () => gradX({ dy, w: w! }, { ...attrs, shape: x!.shape }),
      w: () => gradW({ x: x!, dy }, { ...attrs, shape: w!.shape }),
      bias: () => tf.sum(dy, [0, 2, 3]),
    }),
  },
);

/** 2-D cross-correlation. x [B,C,H,W], w [O,C,kh,kw], bias [O] or null -> [B,O,H',W']. */
export function conv2d(
  x: Tensor,
  w: Tensor,
  bias: Tensor | null,
  { stride = 1, padding = 0 }: Conv2dOptions = {},
): Tensor {
  const pads = typeof padding === 'number' ? ([padding, padding, padding, padding] as const) : padding;
  return conv(bias ? { x, w, bias } : { x, w }, { stride, pads });
}
