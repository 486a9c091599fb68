/** A sum with a matrix product that nothing else uses is the product's third operand: a bias, a residual, a sum of gradients. */
import type { Graph, Node, OpNode } from '../graph.ts';
import { sameShape } from '../reshape.ts';
import { isOp } from './is-op.ts';
import { rebuilt } from './rebuild.ts';
import { usesOf } from './uses.ts';

export function withSumsInProducts(graph: Graph, outputs: readonly Node[]): Node[] {
  const uses = usesOf(outputs);
  return rebuilt(graph, outputs, (node, inputs) => {
    if (node.op === 'Add')
      for (const [i, product] of inputs.entries()) {
        const other = inputs[1 - i]!;
        if (uses.get(node.inputs[i]!)!.length === 1 && takes(product, node, other))
          return graph.op('Gemm', [...product.inputs, other], product);
      }
    return null;
  });
}

/** Whether the addend is one that ONNX Runtime adds to rows as they are, or alike to all of them. */
function takes(product: Node, { shape }: Node, addend: Node): product is OpNode {
  return (
    isOp(product, 'Gemm') &&
    product.inputs.length === 2 &&
    sameShape(product.shape, shape) &&
    (sameShape(addend.shape, shape) || sameShape(addend.shape, shape.slice(1)))
  );
}
