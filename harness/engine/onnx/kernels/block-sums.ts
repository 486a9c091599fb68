/**
 * Sums over blocks of pixels, the input gradient of nearest-neighbour upsampling. Of a convolution's result they are a
 * strided convolution with a larger kernel: for 3x3 after upsampling twice 16 products for each pixel instead of 36.
 */
import type { Graph, Node, OpNode } from '../graph.ts';
import type { Provider } from '../session.ts';
import { conv } from './conv.ts';
import { binary, kernel } from './define.ts';
import { pad } from './shape.ts';

kernel('SumBlocks', ({ x }, { factor }: { factor: number }, { graph: g, provider }) => {
  const [b, c, h, w] = x!.shape as [number, number, number, number];
  const shape = [b, c, h / factor, w / factor];
  if (isPlainConv(x!) && pays(x!, factor, shape)) return summedConv(g, x!, factor, shape, provider);
  const attributes = { kernel_shape: [factor, factor], strides: [factor, factor] };
  const mean = g.op('AveragePool', [x!], { dtype: 'float32', shape, attributes });
  return binary(g, 'Mul', mean, g.float(factor * factor));
});

function isPlainConv(x: Node): x is OpNode {
  return (
    x.kind === 'op' &&
    x.op === 'Conv' &&
    x.inputs.length === 2 &&
    (x.attributes.strides as readonly number[]).every((s) => s === 1)
  );
}

/** From so many pixels on the larger kernel costs little beside its products, though it be made at each run. */
const MANY_PIXELS = 32 ** 2;

function pays(x: OpNode, factor: number, [b, , h, w]: readonly number[]): boolean {
  const w0 = x.inputs[1]!;
  const [kh, kw] = w0.shape.slice(2) as [number, number];
  const fewer = (kh + factor - 1) * (kw + factor - 1) < factor ** 2 * kh * kw;
  return fewer && (staysInMemory(w0) || b! * h! * w! >= MANY_PIXELS);
}

/** Whether it is made of a weight in memory, which ONNX Runtime does once and for all. */
function staysInMemory(w: Node): boolean {
  if (w.kind === 'constant') return !('read' in w.data);
  return w.kind === 'op' && ['Slice', 'Transpose'].includes(w.op) && staysInMemory(w.inputs[0]!);
}

function summedConv(
  g: Graph,
  { inputs: [x, w], attributes }: OpNode,
  factor: number,
  shape: readonly number[],
  provider: Provider,
): Node {
  const places = Array.from({ length: factor }, (_, i) => [i, factor - 1 - i] as const);
  const moved = places.flatMap((rows) => places.map((columns) => pad(g, w!, [[0, 0], [0, 0], rows, columns]))); // biome-ignore format: one thought
  const kernel = moved.reduce((a, b) => binary(g, 'Add', a, b));
  return conv(
    g,
    [x!, kernel],
    {
      shape,
      attributes: { ...attributes, kernel_shape: kernel.shape.slice(2), strides: [factor, factor] },
    },
    provider,
  );
}
