import { type Case, type Cases, call, on, real } from './define.ts';

type Size = readonly [number, number];
interface Conv {
  readonly batch?: number;
  readonly channels?: Size;
  readonly size?: Size;
  readonly kernel?: Size;
  readonly stride?: number;
  /** [top, bottom, left, right] */
  readonly pads?: readonly [number, number, number, number];
}

const PER_CHANNEL = [1, 3, 1, 1];

const CONVOLUTIONS: Readonly<Record<string, Conv>> = {
  '3x3, same size': {},
  '1x1': { kernel: [1, 1], pads: [0, 0, 0, 0] },
  '3x3, no padding': { pads: [0, 0, 0, 0] },
  '3x3, stride 2': { stride: 2, size: [6, 8] },
  '3x3, stride 2, odd size': { stride: 2, size: [7, 5] },
  '3x3, stride 2, padded below and right': { stride: 2, size: [6, 8], pads: [0, 1, 0, 1] },
  '2x4, four different pads': { kernel: [2, 4], pads: [0, 1, 3, 2] },
  '4x4, stride 2': { kernel: [4, 4], stride: 2, size: [8, 8] },
  '2x2, stride 3, edges left over': { kernel: [2, 2], stride: 3, size: [7, 6], pads: [0, 0, 0, 0] },
  '1x1, padded beyond the kernel': { kernel: [1, 1], pads: [1, 0, 2, 1] },
  '3x3, padded beyond the kernel': { pads: [3, 1, 0, 4] },
  '3x3, 6 to 4 channels': { channels: [6, 4] },
  '3x3, 4 to 9 channels': { channels: [4, 9], stride: 2, size: [6, 8] },
  '3x3, 8 to 6 channels': { channels: [8, 6] },
  '5x5, batch of 1, one channel': { kernel: [5, 5], channels: [1, 1], batch: 1, pads: [2, 2, 2, 2] },
};

/** Inputs x [B,C,H,W], w [O,C,kh,kw], bias [O] and dy [B,O,H',W'] of a convolution. */
function convolution(c: Conv) {
  const { batch: b = 2, channels: [i, o] = [3, 4], size: [h, w] = [5, 6] } = c;
  const { kernel: [kh, kw] = [3, 3], stride = 1, pads = [1, 1, 1, 1] } = c;
  const out = (n: number, k: number) => Math.floor((n - k) / stride) + 1;
  const shapes = { x: [b, i, h, w], w: [o, i, kh, kw] };
  return {
    attrs: { stride, pads },
    shapes,
    x: real(shapes.x),
    w: real(shapes.w, -1, 1),
    bias: real([o]),
    dy: real([b, o, out(h + pads[0] + pads[1], kh), out(w + pads[2] + pads[3], kw)]),
  };
}

function eachConvolution(make: (name: string, c: ReturnType<typeof convolution>) => Case): Case[] {
  return Object.entries(CONVOLUTIONS).map(([name, c]) => make(name, convolution(c)));
}

const eps = { eps: 1e-5 };

/** The same attention for an operator of its own or for one of its gradients. */
function attentions(kernel: string, names: readonly string[]): Case[] {
  const shapes = ([b, heads, n, m, d]: readonly number[]) => ({
    q: [b!, heads!, n!, d!],
    k: [b!, heads!, m!, d!],
    v: [b!, heads!, m!, d!],
    dy: [b!, heads!, n!, d!],
    delta: [b!, heads!, n!, 1],
  });
  const sizes = {
    'of itself': [2, 3, 5, 5, 4],
    'of other tokens': [1, 2, 6, 3, 4],
    'one head': [1, 1, 4, 4, 6],
  };
  return Object.entries(sizes).map(([name, size]) =>
    on(name, call(kernel, names, { scale: 0.4 }), ...names.map((input) => real(shapes(size)[input as 'q']))),
  );
}

export const NETWORK: Cases = {
  Conv2dNchw: [
    ...eachConvolution((name, { attrs, x, w, bias }) =>
      on(name, call('Conv2dNchw', ['x', 'w', 'bias'], attrs), x, w, bias),
    ),
    on(
      'no bias',
      call('Conv2dNchw', ['x', 'w'], convolution({}).attrs),
      real([1, 2, 4, 4]),
      real([3, 2, 3, 3]),
    ),
  ],
  Conv2dNchwGradX: eachConvolution((name, { attrs, shapes, dy, w }) =>
    on(name, call('Conv2dNchwGradX', ['dy', 'w'], { ...attrs, shape: shapes.x }), dy, w),
  ),
  Conv2dNchwGradW: eachConvolution((name, { attrs, shapes, x, dy }) =>
    on(name, call('Conv2dNchwGradW', ['x', 'dy'], { ...attrs, shape: shapes.w }), x, dy),
  ),
  Attention: attentions('Attention', ['q', 'k', 'v']),
  AttentionGradQ: attentions('AttentionGradQ', ['q', 'k', 'v', 'dy', 'delta']),
  AttentionGradK: attentions('AttentionGradK', ['q', 'k', 'v', 'dy', 'delta']),
  AttentionGradV: attentions('AttentionGradV', ['q', 'k', 'v', 'dy', 'delta']),
  StandardiseRows: [
    on('rows', call('StandardiseRows', ['x'], eps), real([3, 8])),
    on('one row', call('StandardiseRows', ['x'], eps), real([1, 20])),
    on('rows of one value', call('StandardiseRows', ['x'], eps), real([3, 1])),
    on('mean far above the deviation', call('StandardiseRows', ['x'], eps), real([3, 50], 29, 31)),
  ],
  RowInverseStd: [
    on('rows', call('RowInverseStd', ['x'], eps), real([3, 8])),
    on('mean far above the deviation', call('RowInverseStd', ['x'], eps), real([3, 50], 29, 31)),
  ],
  Silu: [
    on('matrix', call('Silu', ['x'], {}), real([3, 4], -6, 6)),
    on('saturated', call('Silu', ['x'], {}), real([4], -100, 100)),
  ],
  SiluGrad: [on('matrix', call('SiluGrad', ['x', 'dy'], {}), real([3, 4], -6, 6), real([3, 4]))],
  ScaleShiftSilu: [
    on(
      'maps',
      call('ScaleShiftSilu', ['x', 'scale', 'shift'], {}),
      ...[[2, 3, 4, 2], PER_CHANNEL, PER_CHANNEL].map((shape) => real(shape)),
    ),
  ],
  ScaleShiftSiluGrad: [
    on(
      'maps',
      call('ScaleShiftSiluGrad', ['x', 'scale', 'shift', 'dy'], {}),
      ...[[2, 3, 4, 2], PER_CHANNEL, PER_CHANNEL, [2, 3, 4, 2]].map((shape) => real(shape)),
    ),
  ],
  Gelu: [on('matrix', call('Gelu', ['x'], {}), real([3, 4], -4, 4))],
  UpsampleNearest: [
    on('twice', call('UpsampleNearest', ['x'], { factor: 2 }), real([2, 3, 2, 4])),
    on('three times', call('UpsampleNearest', ['x'], { factor: 3 }), real([1, 2, 3, 1])),
  ],
  SumBlocks: [
    on('pairs', call('SumBlocks', ['x'], { factor: 2 }), real([2, 3, 4, 6])),
    on('threes', call('SumBlocks', ['x'], { factor: 3 }), real([1, 2, 3, 6])),
  ],
};
