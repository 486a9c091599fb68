/**
 * A factor for each channel of a convolution's result, with other factors in between, is moved to the convolution, where
 * ONNX Runtime makes it part of the weights: the scale of a norm, in the gradient of the activation that follows it.
 */
import type { Graph, Node } from '../graph.ts';
import { sameShape } from '../reshape.ts';
import { isOp } from './is-op.ts';
import { rebuilt } from './rebuild.ts';
import { type Use, usesOf } from './uses.ts';

export function withScalesAtConvolutions(graph: Graph, outputs: readonly Node[]): Node[] {
  const uses = usesOf(outputs);
  return rebuilt(graph, outputs, (node, inputs) => {
    for (const i of node.op === 'Mul' ? [0, 1] : []) {
      const scaled = scaledConvolution(graph, [node.inputs[i]!, inputs[i]!], inputs[1 - i]!, uses);
      if (scaled) return scaled;
    }
    return null;
  });
}

/** scale (conv f) as (scale conv) f; null: it is not of that form, or something else asks for a part of it. */
function scaledConvolution(
  graph: Graph,
  [recorded, product]: readonly [Node, Node],
  scale: Node,
  uses: ReadonlyMap<Node, readonly Use[]>,
): Node | null {
  if (!isOp(recorded, 'Mul') || !isOp(product, 'Mul') || !isOfChannels(scale, product)) return null;
  const at = recorded.inputs.findIndex(
    (x) => isOp(x, 'Conv') && sameShape(x.shape, recorded.shape) && uses.get(x)!.length === 1,
  );
  if (at < 0 || uses.get(recorded)!.length > 1) return null;
  const [conv, other] = [product.inputs[at]!, product.inputs[1 - at]!];
  return graph.op('Mul', [graph.op('Mul', [conv, scale], product), other], product);
}

/** Whether it is a weight, one number a channel. */
function isOfChannels(scale: Node, { shape: [, channels] }: Node): boolean {
  const [one, c, ...rest] = scale.shape;
  const isWeight = scale.kind === 'op' && scale.op === 'Reshape' && scale.inputs[0]!.kind === 'constant';
  return isWeight && one === 1 && c === channels && rest.length === 2 && rest.every((d) => d === 1);
}
