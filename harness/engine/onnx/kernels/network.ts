/** ONNX forms of the network operators (../../ops/), NCHW with PyTorch's weight layouts. */
import type { ConvAttrs } from '../../ops/conv2d.ts';
import { sizeOf } from '../../shape.ts';
import type { Graph, Node, OpNode } from '../graph.ts';
import type { Provider } from '../session.ts';
import { conv } from './conv.ts';
import { binary, kernel, unary } from './define.ts';
import { batchMatMul } from './matmul.ts';
import { after } from './order.ts';
import { concat, pad, slice, transpose } from './shape.ts';

function convAttributes(
  { stride, pads }: ConvAttrs,
  w: Node,
): { kernel_shape: number[]; strides: number[]; pads: number[] } {
  const [top, bottom, left, right] = pads;
  return { kernel_shape: [...w.shape.slice(2)], strides: [stride, stride], pads: [top, left, bottom, right] };
}

kernel('Conv2dNchw', ({ x, w, bias }, attrs: ConvAttrs, { graph, provider }) => {
  const [top, bottom, left, right] = attrs.pads;
  const [b, , h, width] = x!.shape as [number, number, number, number];
  const [o, , kh, kw] = w!.shape as [number, number, number, number];
  const shape = [
    b,
    o,
    (h + top + bottom - kh) / attrs.stride + 1,
    (width + left + right - kw) / attrs.stride + 1,
  ].map(Math.floor);
  const inputs = bias ? ([x!, w!, bias] as const) : ([x!, w!] as const);
  return conv(graph, inputs, { shape, attributes: convAttributes(attrs, w!) }, provider);
});

/**
 * An input gradient is a convolution of dy with the weight turned round, or a transposed convolution: a product, then a sum
 * of its shifted rows. The first is the faster one, with a weight as small as this to be turned, or on the CPU with as many
 * pixels of dy.
 */
const TURNED_BELOW_BYTES = 1 << 22;
const TURNED_FROM_PIXELS = 32 ** 2;

kernel('Conv2dNchwGradX', ({ dy, w }, attrs: ConvAttrs & { shape: number[] }, { graph: g, provider }) => {
  const [, , h, width] = attrs.shape as [number, number, number, number];
  const [b, , oh, ow] = dy!.shape as [number, number, number, number];
  const [top, bottom, left, right] = attrs.pads;
  const [, , kh, kw] = w!.shape as [number, number, number, number];
  const fits = [top, bottom].every((p) => p < kh) && [left, right].every((p) => p < kw);
  const many = provider === 'cpu' && b * oh * ow >= TURNED_FROM_PIXELS;
  const small = 4 * sizeOf(w!.shape) < TURNED_BELOW_BYTES;
  if (attrs.stride === 1 && fits && (many || small)) {
    const convolved = (x: Node, w: Node, pads: readonly number[]) => {
      const attributes = { kernel_shape: [kh, kw], strides: [1, 1], pads };
      return conv(g, [x, transpose(g, w, [1, 0, 2, 3])], { shape: attrs.shape, attributes }, provider);
    };
    const [t, l, bo, r] = [kh - 1 - top, kw - 1 - left, kh - 1 - bottom, kw - 1 - right];
    // A convolution with both picture and weight turned round is the same, turned round: so a large weight stays as it is.
    if (!small && sizeOf(w!.shape) > sizeOf(dy!.shape) + sizeOf(attrs.shape))
      return turned(g, convolved(turned(g, dy!), w!, [bo, r, t, l]));
    return convolved(dy!, turned(g, w!), [t, l, bo, r]);
  }
  // Rows and columns that a strided convolution never looked at get a zero gradient.
  const extraH = h + top + bottom - kh - (oh - 1) * attrs.stride;
  const extraW = width + left + right - kw - (ow - 1) * attrs.stride;
  const attributes = { ...convAttributes(attrs, w!), output_padding: [extraH, extraW] };
  return g.op('ConvTranspose', [dy!, w!], { dtype: 'float32', shape: attrs.shape, attributes });
});

/** x [.,.,H,W] turned by 180 degrees. */
function turned(g: Graph, x: Node): Node {
  const [h, w] = x.shape.slice(2) as [number, number];
  return h * w === 1 ? x : slice(g, x, [0, 0, h - 1, w - 1], x.shape, [1, 1, -1, -1]);
}

kernel(
  'Conv2dNchwGradW',
  ({ x, dy }, attrs: ConvAttrs & { shape: number[] }, { graph: g, reshape, provider }) => {
    const [o, c, kh, kw] = attrs.shape as [number, number, number, number];
    const [b, , oh, ow] = dy!.shape as [number, number, number, number];
    const [top, bottom, left, right] = attrs.pads;
    const padded = pad(g, x!, [
      [0, 0],
      [0, 0],
      [top, bottom],
      [left, right],
    ]);
    // One product for each kernel position: a single one would need all shifted copies side by side in memory.
    const rows = reshape(dy!, [b, o, oh * ow]);
    const products: Node[] = [];
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        const shifted = slice(g, padded, [0, 0, i, j], [b, c, oh, ow], [1, 1, attrs.stride, attrs.stride]);
        products.push(batchMatMul(g, rows, reshape(shifted, [b, c, oh * ow]), false, true, provider));
      }
    }
    const product = concat(g, products, 2);
    const summed = g.op('ReduceSum', [product, g.int64([0])], {
      dtype: 'float32',
      shape: [o, kh * kw * c],
      attributes: { keepdims: 0 },
    });
    return transpose(g, reshape(summed, [o, kh, kw, c]), [0, 3, 1, 2]);
  },
);

/** The operator that gives a row's standardised values, its mean and its inverse standard deviation in one pass. */
function standardised(g: Graph, x: Node, eps: number): OpNode {
  const ones = g.literal(new Float32Array(x.shape[1]!).fill(1), [x.shape[1]!], 'float32');
  return g.op('LayerNormalization', [x, ones], {
    dtype: 'float32',
    shape: x.shape,
    attributes: { axis: 1, epsilon: eps },
    outputs: 3,
  });
}
kernel('StandardiseRows', ({ x }, { eps }: { eps: number }, { graph }) =>
  graph.item(standardised(graph, x!, eps), 0, 'float32', x!.shape),
);
kernel('RowInverseStd', ({ x }, { eps }: { eps: number }, { graph }) =>
  graph.item(standardised(graph, x!, eps), 2, 'float32', [x!.shape[0]!, 1]),
);

/** On the CPU an operator of its own, so that a gradient does not keep the forward pass's sigmoid: it computes it again. */
function silu(g: Graph, x: Node, provider: Provider): Node {
  return provider === 'cpu'
    ? unary(g, 'QuickGelu', x, { alpha: 1 }, 'com.microsoft')
    : binary(g, 'Mul', x, unary(g, 'Sigmoid', x));
}

function siluGradient(g: Graph, x: Node, dy: Node, provider: Provider): Node {
  const s = unary(g, 'Sigmoid', x);
  if (provider === 'cpu') {
    // dy s (1 + x (1 - s)), where x (1 - s) = x sigmoid(-x) is one operator.
    const rest = unary(g, 'QuickGelu', x, { alpha: -1 }, 'com.microsoft');
    const first = binary(g, 'Mul', dy, s);
    return binary(g, 'Add', first, binary(g, 'Mul', first, rest));
  }
  const y = binary(g, 'Mul', x, s);
  const slope = binary(g, 'Add', s, binary(g, 'Mul', y, binary(g, 'Sub', g.float(1), s)));
  return binary(g, 'Mul', dy, slope);
}

function scaledAndShifted(g: Graph, x: Node, scale: Node, shift: Node): Node {
  return binary(g, 'Add', binary(g, 'Mul', x, scale), shift);
}

kernel('Silu', ({ x }, _, { graph, provider }) => silu(graph, x!, provider));
kernel('SiluGrad', ({ x, dy }, _, { graph, provider }) => siluGradient(graph, x!, dy!, provider));

kernel('ScaleShiftSilu', ({ x, scale, shift }, _, { graph, provider }) =>
  silu(graph, scaledAndShifted(graph, x!, scale!, shift!), provider),
);

/** From 4 MiB on what SiLU was given is computed again when dy is there; without that, it or the slope is kept until then. */
const COMPUTED_AGAIN_FROM = 1 << 20;

kernel('ScaleShiftSiluGrad', (inputs, _, { graph: g, reshape, provider }) => {
  const { x, scale, shift, dy } = inputs as Record<'x' | 'scale' | 'shift' | 'dy', Node>;
  if (sizeOf(x.shape) < COMPUTED_AGAIN_FROM)
    return siluGradient(g, scaledAndShifted(g, x, scale, shift), dy, provider);
  const late = after(g, scale, [dy]);
  // By rows of pixels: so begins a map of the gradient (../gradient-maps.ts).
  const asRows = (map: Node) => reshape(map, [...map.shape.slice(0, 2), sizeOf(map.shape.slice(2))]);
  const scaled = reshape(binary(g, 'Mul', asRows(x), asRows(late)), x.shape);
  return siluGradient(g, binary(g, 'Add', scaled, shift), dy, provider);
});

kernel('Gelu', ({ x }, _, { graph }) => unary(graph, 'Gelu', x!));

kernel('UpsampleNearest', ({ x }, { factor }: { factor: number }, { graph: g }) => {
  const [b, c, h, w] = x!.shape as [number, number, number, number];
  const scales = g.literal(Float32Array.of(1, 1, factor, factor), [4], 'float32');
  const none = g.literal(new Float32Array(0), [0], 'float32');
  const attributes = { mode: 'nearest', nearest_mode: 'floor', coordinate_transformation_mode: 'asymmetric' };
  return g.op('Resize', [x!, none, scales], {
    dtype: 'float32',
    shape: [b, c, h * factor, w * factor],
    attributes,
  });
});
