import type { Node, OpNode } from '../graph.ts';

export function isOp(node: Node | undefined, op: string): node is OpNode {
  return node?.kind === 'op' && node.op === op;
}
