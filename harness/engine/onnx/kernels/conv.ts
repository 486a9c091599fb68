import type { Attributes, Graph, Node } from '../graph.ts';
import type { Provider } from '../session.ts';
import { pad } from './shape.ts';

/** Conv of x [B,C,H,W], w [O,C,kh,kw] and bias [O] or none. */
export function conv(
  g: Graph,
  [x, w, ...bias]: readonly [Node, Node, ...Node[]],
  { shape, attributes }: { shape: readonly number[]; attributes: Attributes },
  provider: Provider,
): Node {
  const missing = provider === 'webgpu' ? channelsToAdd(w) : 0;
  const inputs = missing > 0 ? [zeroChannels(g, x, missing), zeroChannels(g, w, missing)] : [x, w];
  return g.op('Conv', [...inputs, ...bias], { dtype: 'float32', shape, attributes });
}

/**
 * ONNX Runtime 1.30 on WebGPU: wrong where input channels are a multiple of 3 above 3 but not one of 4, and output
 * channels a multiple of 4 (github.com/microsoft/onnxruntime/issues/29651). Zero channels go around it.
 */
function channelsToAdd({ shape: [o, c] }: Node): number {
  const wrong = c! > 3 && c! % 3 === 0 && c! % 4 !== 0 && o! % 4 === 0;
  return wrong ? 4 - (c! % 4) : 0;
}

function zeroChannels(g: Graph, x: Node, count: number): Node {
  return pad(g, x, [
    [0, 0],
    [0, count],
    [0, 0],
    [0, 0],
  ]);
}
