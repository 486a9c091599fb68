/**
 * Rewrites a graph for float16: matrix products and convolutions take and give float16, and so does what lies between
 * them; norms, softmax, sums and whatever else is not listed here stay float32, as feeds and outputs do.
 */
import { type CallNode, Graph, type Node, type OpNode, programOf } from './graph.ts';

const PRODUCTS = new Set(['Conv', 'ConvTranspose', 'MatMul', 'FusedMatMul', 'Gemm']);
/** Move numbers and do not compute with them. */
const MOVES = new Set([
  'Reshape',
  'Transpose',
  'Slice',
  'Concat',
  'Split',
  'Expand',
  'Pad',
  'Resize',
  'Tile',
]);
/** Of numbers of one size, give numbers of that size. */
const ELEMENTWISE = new Set(['Add', 'Sub', 'Mul', 'Neg', 'Sigmoid', 'Relu', 'LeakyRelu', 'Gelu', 'Tanh']);

const FLOAT16_MAX = 65504;
const FLOAT16_MIN = 2 ** -14;

/** The same outputs, float32 as before. */
export function inHalfPrecision(outputs: readonly Node[]): Node[] {
  const graph = new Graph();
  const full = new Map<Node, Node>();
  const half = new Map<Node, Node>();

  const asFull = (node: Node): Node => {
    const known = full.get(node) ?? (half.has(node) ? cast(graph, half.get(node)!, 'float32') : node);
    full.set(node, known);
    return known;
  };
  const asHalf = (node: Node): Node => {
    const known = half.get(node) ?? cast(graph, asFull(node), 'float16');
    half.set(node, known);
    return known;
  };
  const isFloat = (node: Node) => node.dtype === 'float32';
  const computesInHalf = ({ op, inputs }: OpNode): boolean => {
    if (PRODUCTS.has(op)) return inputs.every(isFloat);
    const floats = inputs.filter(isFloat);
    if (MOVES.has(op)) return half.has(floats[0]!);
    return (
      ELEMENTWISE.has(op) &&
      floats.some((input) => half.has(input)) &&
      floats.every((input) => half.has(input) || fits(input))
    );
  };

  for (const node of programOf(outputs).order) {
    if (node.kind === 'item') {
      const of = full.get(node.of) as OpNode | CallNode;
      full.set(node, graph.item(of, node.index, node.dtype, node.shape));
    } else if (node.kind === 'call') full.set(node, graph.call(node.callee, node.inputs.map(asFull)));
    else if (node.kind === 'op') {
      if (node.outputs === 1 && isFloat(node) && computesInHalf(node)) {
        // Resize's scales are float32 whatever it resizes.
        const takesHalf = (input: Node, i: number) => isFloat(input) && !(node.op === 'Resize' && i > 0);
        const inputs = node.inputs.map((input, i) => (takesHalf(input, i) ? asHalf(input) : asFull(input)));
        half.set(node, graph.op(node.op, inputs, { ...node, dtype: 'float16' }));
      } else full.set(node, graph.op(node.op, node.inputs.map(asFull), node));
    }
  }
  return outputs.map(asFull);
}

/** A weight, or a literal within float16's range. Single numbers that are fed may be of any size. */
function fits(node: Node): boolean {
  if (node.kind === 'constant') return true;
  if (node.kind !== 'literal') return false;
  return Array.from(node.data as Float32Array).every((v) => {
    const size = Math.abs(v);
    return size === 0 || (size <= FLOAT16_MAX && size >= FLOAT16_MIN);
  });
}

const CODES = { float32: 1, float16: 10 } as const;
function cast(graph: Graph, x: Node, to: 'float32' | 'float16'): Node {
  return graph.op('Cast', [x], { dtype: to, shape: x.shape, attributes: { to: CODES[to] } });
}
