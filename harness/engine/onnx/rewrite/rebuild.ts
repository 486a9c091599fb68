import { type CallNode, type Graph, type Node, type OpNode, programOf } from '../graph.ts';

/** What stands for an operator in the rewritten graph, where `inputs` stand for its inputs; null: the same operator. */
export type Rule = (node: OpNode, inputs: readonly Node[]) => Node | null;

/** The same outputs, each operator as the rule has it. What nothing changes stays the node that it was. */
export function rebuilt(graph: Graph, outputs: readonly Node[], rule: Rule): Node[] {
  const made = new Map<Node, Node>();
  const get = (node: Node): Node => made.get(node) ?? node;
  for (const node of programOf(outputs).order) {
    if (node.kind === 'op') {
      const inputs = node.inputs.map(get);
      const same = () =>
        inputs.every((x, i) => x === node.inputs[i]) ? node : graph.op(node.op, inputs, node);
      made.set(node, rule(node, inputs) ?? same());
    } else if (node.kind === 'call') made.set(node, graph.call(node.callee, node.inputs.map(get)));
    else if (node.kind === 'item') {
      const of = get(node.of) as OpNode | CallNode;
      made.set(node, graph.item(of, node.index, node.dtype, node.shape));
    }
  }
  return outputs.map(get);
}
