import { feedNode, Graph, type ItemNode, type Node, type OpNode, type Program, programOf } from './graph.ts';

/** A provider lacks an operator of a graph, and the CPU may not stand in for it. */
export class UnsupportedOperator extends Error {
  override readonly name = 'UnsupportedOperator';
  /** With the types and shapes of its inputs, e.g. `ArgMax(float32[2,3])`. */
  readonly operator: string;

  constructor(operator: string) {
    super(`ONNX Runtime has no kernel on this device for ${operator}`);
    this.operator = operator;
  }
}

/** ONNX Runtime only says that there is one: each kind of node is compiled alone until one does not. */
export async function findUnsupported(
  program: Program,
  compiles: (single: Program) => Promise<boolean>,
): Promise<UnsupportedOperator> {
  const tried = new Set<string>();
  for (const node of program.order) {
    if (node.kind !== 'op') continue;
    const kind = `${node.op}(${node.inputs.map(({ dtype }) => dtype)})`;
    if (tried.has(kind)) continue;
    tried.add(kind);
    const items = program.order.filter(
      (other): other is ItemNode => other.kind === 'item' && other.of === node,
    );
    if (!(await compiles(alone(node, items)))) return new UnsupportedOperator(describe(node));
  }
  return new UnsupportedOperator('(ONNX Runtime does not say which)');
}

/** The node by itself: what other nodes gave it is fed. */
function alone(node: OpNode, items: readonly ItemNode[]): Program {
  const graph = new Graph();
  const feeds = new Map<Node, Node>();
  const inputs = node.inputs.map((input) => {
    if (input.kind === 'literal') return input;
    const feed = feeds.get(input) ?? feedNode(input.dtype, input.shape);
    feeds.set(input, feed);
    return feed;
  });
  const copy = graph.op(node.op, inputs, node);
  const outputs = items.map(({ index, dtype, shape }) => graph.item(copy, index, dtype, shape));
  return programOf(outputs.length > 0 ? outputs : [copy]);
}

function describe({ op, inputs }: OpNode): string {
  return `${op}(${inputs.map(({ dtype, shape }) => `${dtype}[${shape}]`).join(', ')})`;
}
