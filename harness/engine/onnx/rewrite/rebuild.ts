import { type CallNode, Graph, type Node, type OpNode, programOf } from '../graph.ts';

/** What stands for an operator in the rewritten graph, where `inputs` stand for its inputs. */
export type Rule = (node: OpNode, inputs: readonly Node[], graph: Graph) => Node;

/** The same outputs, each operator as the rule has it. */
export function rebuilt(outputs: readonly Node[], rule: Rule): Node[] {
  const graph = new Graph();
  const made = new Map<Node, Node>();
  const get = (node: Node): Node => made.get(node) ?? node;
  for (const node of programOf(outputs).order) {
    if (node.kind === 'op') made.set(node, rule(node, node.inputs.map(get), graph));
    else if (node.kind === 'call') made.set(node, graph.call(node.callee, node.inputs.map(get)));
    else if (node.kind === 'item') {
      const of = get(node.of) as OpNode | CallNode;
      made.set(node, graph.item(of, node.index, node.dtype, node.shape));
    }
  }
  return outputs.map(get);
}
