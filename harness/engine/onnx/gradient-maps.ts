import { sizeOf } from '../shape.ts';
import type { OpNode, Program } from './graph.ts';
import { isOp } from './rewrite/is-op.ts';

/** 16 MiB. */
const LARGE_FROM = 1 << 22;

/**
 * Where large maps of a gradient begin, in graphs with weights in files: what norms and their activations make of rows, as
 * a reshape to [B,C,H,W].
 *
 * ONNX Runtime's CPU provider plans by shapes: a buffer that is read no more waits for the next value of the same shape. In a
 * gradient that comes when the same layer's turn is there again, so that buffers of all layers would be held from the
 * forward pass on. So a gradient's maps count as of another shape, in which the number of images has a name (model.ts).
 */
export function gradientMaps({ order }: Program): ReadonlySet<OpNode> {
  const isMapped = order.some((node) => node.kind === 'constant' && 'read' in node.data);
  const maps = new Set<OpNode>();
  for (const node of isMapped ? order : []) {
    const isMap = isOp(node, 'Reshape') && node.shape.length === 4 && sizeOf(node.shape) >= LARGE_FROM;
    if (isMap && isOp(node.inputs[0], 'Mul')) maps.add(node);
  }
  return maps;
}
