/**
 * What a layer norm of tokens does to columns around a product belongs to the product's weights: its scale and shift before
 * it, and in the gradient the scale and the subtraction of each row's mean after it. ONNX Runtime computes such weights once.
 */
import type { Graph, Node, OpNode } from '../graph.ts';
import { reshape, sameShape } from '../reshape.ts';
import { isOp } from './is-op.ts';
import { rebuilt } from './rebuild.ts';
import { type Use, usesOf } from './uses.ts';

export function withColumnsInWeights(graph: Graph, outputs: readonly Node[]): Node[] {
  const uses = usesOf(outputs);
  return rebuilt(graph, outputs, (node, inputs) =>
    node.op === 'Gemm' ? ofAffineTokens(node, inputs, graph) : ofColumns(node, inputs, graph, uses),
  );
}

/** (x scale + shift) w^T + bias as x (w scale)^T + (bias + w shift), x being standardised tokens. */
function ofAffineTokens(node: OpNode, [x, w, bias]: readonly Node[], graph: Graph): Node | null {
  const { transA, transB } = node.attributes;
  if (transA || !transB || !isWeight(w!) || (bias && bias.shape.length !== 1)) return null;
  if (!isOp(x, 'Add') || !isOp(x.inputs[0], 'Mul') || !isWeight(x.inputs[1]!)) return null;
  const [standardised, scale] = x.inputs[0].inputs as [Node, Node];
  if (!isStandardised(standardised) || !isWeight(scale) || scale.shape.length !== 1) return null;
  const [outputs, width] = w!.shape as [number, number];
  if (!sameShape(standardised.shape, x.shape) || !sameShape(x.inputs[1]!.shape, [width])) return null;
  const shift = reshape(graph, x.inputs[1]!, [1, width]);
  const spec = { dtype: node.dtype, shape: [1, outputs], attributes: { transA: 0, transB: 1 } };
  const shifted = reshape(graph, graph.op('Gemm', [shift, w!], spec), [outputs]);
  const sum = bias ? graph.op('Add', [shifted, bias], { dtype: node.dtype, shape: [outputs] }) : shifted;
  // The mean of standardised tokens is zero: centred weights give the same, and are those of the gradient.
  return graph.op('Gemm', [standardised, centred(graph, scaled(graph, w!, scale)), sum], node);
}

/** The product that gives what is made of a product's columns; null: nothing linear, or its result is asked for too. */
function ofColumns(
  node: OpNode,
  inputs: readonly Node[],
  graph: Graph,
  uses: ReadonlyMap<Node, readonly Use[]>,
): Node | null {
  const [product, other] = inputs as [Node, Node?];
  const users = uses.get(node.inputs[0]!)?.map(({ user }) => user) ?? [];
  const isScaled = node.op === 'Mul' && isWeight(other!) && other!.shape.length === 1;
  if (isScaled && users.length === 1 && sameShape(node.shape, product.shape))
    return mapped(graph, product, (w) => scaled(graph, w, other!));
  const mean = node.op === 'Sub' ? node.inputs[1] : undefined;
  const isMean =
    isOp(mean, 'ReduceMean') && mean.inputs[0] === node.inputs[0] && uses.get(mean)!.length === 1;
  const onlyCentred = isMean && users.length === 2 && users.includes(mean) && users.includes(node);
  if (onlyCentred && sameShape(mean.shape, [node.shape[0]!, 1]))
    return mapped(graph, product, (w) => centred(graph, w));
  return null;
}

/** The product and those that are added to it, with other weights; null: one of them has none. */
function mapped(graph: Graph, product: Node, map: (weights: Node) => Node): Node | null {
  if (!isOp(product, 'Gemm') || product.attributes.transB || !isMadeOfWeights(product.inputs[1]!))
    return null;
  const [a, w, rest] = product.inputs as [Node, Node, Node?];
  const added = rest && (rest.shape.length === 2 ? mapped(graph, rest, map) : null);
  if (added === null) return null;
  return graph.op('Gemm', added ? [a, map(w), added] : [a, map(w)], product);
}

const scaled = (graph: Graph, w: Node, scale: Node): Node =>
  graph.op('Mul', [w, scale], { dtype: w.dtype, shape: w.shape });

function centred(graph: Graph, w: Node): Node {
  const { dtype } = w;
  const spec = { dtype, shape: [w.shape[0]!, 1], attributes: { keepdims: 1 } };
  const mean = graph.op('ReduceMean', [w, graph.int64([1])], spec);
  return graph.op('Sub', [w, mean], { dtype, shape: w.shape });
}

function isStandardised(node: Node): boolean {
  return node.kind === 'item' && node.index === 0 && isOp(node.of as Node, 'LayerNormalization');
}

/** In memory: weights that are mapped from a file would be computed at each run. */
function isWeight(node: Node): boolean {
  return node.kind === 'constant' && node.dtype === 'float32' && !('read' in node.data);
}

function isMadeOfWeights(node: Node): boolean {
  if (isOp(node, 'Mul') || isOp(node, 'Sub')) return isMadeOfWeights(node.inputs[0]!);
  return isWeight(node);
}
