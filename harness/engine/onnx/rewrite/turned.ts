/**
 * Products that give their result turned round, so that nothing need be transposed: of one image, queries, keys and values
 * [N,heads*d] become heads [heads,N,d] by a pass over all of them, while as [heads*d,N] they are heads already; pixels [C,N]
 * and tokens [N,C] likewise. A product takes and gives matrices either way round.
 */
import type { Graph, Node, OpNode } from '../graph.ts';
import { reshape } from '../reshape.ts';
import { rebuilt } from './rebuild.ts';
import { type Kind, turnable } from './turnable.ts';

export function withTurnedProducts(graph: Graph, outputs: readonly Node[]): Node[] {
  const kinds = turnable(outputs);
  return rebuilt(graph, outputs, (node, inputs) => {
    const kind = kinds.get(node);
    const turned = node.inputs.map((input) => kinds.has(input));
    if (!kind && !turned.includes(true)) return null;
    if (node.op === 'Gemm' || node.op === 'MatMul' || node.op === 'FusedMatMul')
      return product(graph, node, inputs, turned, kind);
    if (kind) return reshape(graph, passedOn(graph, node, inputs), turnedShape(node, kind));
    if (node.op === 'Transpose') return reshape(graph, inputs[0]!, node.shape);
    return columnSums(graph, node, inputs[0]!);
  });
}

/** [C,N] for N tokens of C values, [1,heads,d,N] for heads [1,heads,N,d]. */
function turnedShape({ shape }: Node, kind: Kind): number[] {
  if (kind === 'heads') return [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
  const [rows, ...columns] = shape.length === 2 ? shape : shape.slice(1);
  return [columns.reduce((a, b) => a * b), rows!];
}

function product(
  graph: Graph,
  node: OpNode,
  inputs: readonly Node[],
  turned: readonly boolean[],
  kind: Kind | undefined,
): Node {
  const flip = (flag: unknown, i: number) => ((flag ? 1 : 0) ^ (turned[i] ? 1 : 0)) as 0 | 1;
  const transA = flip(node.attributes.transA, 0);
  const transB = flip(node.attributes.transB, 1);
  const [a, b, ...third] = inputs as [Node, Node, ...Node[]];
  if (!kind) return multiply(graph, node, [a, b, ...third], transA, transB, node.shape);
  const shape = turnedShape(node, kind);
  const columns = third.map((x) => (x.shape.length === 1 ? reshape(graph, x, [x.shape[0]!, 1]) : x));
  return multiply(graph, node, [b, a, ...columns], transB ? 0 : 1, transA ? 0 : 1, shape);
}

function multiply(
  graph: Graph,
  { op, dtype, attributes }: OpNode,
  inputs: readonly Node[],
  transA: 0 | 1,
  transB: 0 | 1,
  shape: readonly number[],
): Node {
  if (op === 'Gemm')
    return graph.op(op, inputs, { dtype, shape, attributes: { ...attributes, transA, transB } });
  if (!transA && !transB && (attributes.alpha ?? 1) === 1)
    return graph.op('MatMul', inputs, { dtype, shape });
  const scaled = { transA, transB, alpha: attributes.alpha ?? 1 };
  return graph.op('FusedMatMul', inputs, { dtype, shape, attributes: scaled, domain: 'com.microsoft' });
}

/** Where nothing is multiplied: a product of elements, or the operand, which is already turned round. */
function passedOn(graph: Graph, node: OpNode, inputs: readonly Node[]): Node {
  return node.op === 'Mul' ? graph.op('Mul', inputs, { ...node, shape: inputs[0]!.shape }) : inputs[0]!;
}

/** Sums along the last axis of heads [1,heads,N,d] that are there as [1,heads,d,N]. */
function columnSums(graph: Graph, node: OpNode, x: Node): Node {
  const shape = x.shape.map((d, axis) => (axis === 2 ? 1 : d));
  return reshape(graph, graph.op('ReduceSum', [x, graph.int64([2])], { ...node, shape }), node.shape);
}
