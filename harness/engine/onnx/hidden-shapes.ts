import { sizeOf } from '../shape.ts';
import type { Node, Program } from './graph.ts';
import { isOp } from './rewrite/is-op.ts';

/** From 16 MiB on. Smaller values are better kept: pages that come from the system are zeroed first. */
const HIDDEN_FROM = 1 << 22;

/**
 * Shapes that ONNX Runtime's CPU provider is not to know before a run, for large networks. It plans by them: a buffer that is
 * read no more waits for the next value of the same shape. In a gradient that comes when the same layer's turn is there again,
 * so that buffers of all layers would be held from the forward pass on. Values whose shape is unknown until they are
 * computed, and what is made of them, go back to the system after their last use.
 * @returns the shapes that large values are reshaped to
 */
export function shapesToHide({ order }: Program): ReadonlySet<Node> {
  const isLarge = order.some((node) => node.kind === 'constant' && 'read' in node.data);
  const hidden = new Set<Node>();
  for (const node of isLarge ? order : [])
    if (isOp(node, 'Reshape') && sizeOf(node.shape) >= HIDDEN_FROM) hidden.add(node.inputs[1]!);
  return hidden;
}
