import type { Graph, Node } from './graph.ts';

/** `node` in another shape; what was reshaped before is reshaped once. */
export function reshape(graph: Graph, node: Node, shape: readonly number[]): Node {
  const source = sourceOf(node);
  if (sameShape(node.shape, shape)) return node;
  if (sameShape(source.shape, shape)) return source;
  return graph.op('Reshape', [source, graph.int64(shape)], { dtype: node.dtype, shape });
}

/** What a reshaped node was made of; any other node itself. */
export function sourceOf(node: Node): Node {
  return node.kind === 'op' && node.op === 'Reshape' ? node.inputs[0]! : node;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((d, i) => d === b[i]);
}
