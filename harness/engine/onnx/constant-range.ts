import { sizeOf } from '../shape.ts';
import { type ConstantData, type ConstantNode, constantNode } from './graph.ts';

/** Ranges by weight, `begin` and `count`: a graph is known by its constants, so that equal ones must be one. */
const ranges = new WeakMap<ConstantNode, Map<string, ConstantNode>>();

/** The rows x[begin : begin + count] of a float32 weight: a weight that lies where they do. */
export function constantRange(x: ConstantNode, begin: number, count: number): ConstantNode {
  const known = ranges.get(x) ?? new Map<string, ConstantNode>();
  ranges.set(x, known);
  const key = `${begin} ${count}`;
  const row = x.shape.slice(1);
  const range = known.get(key) ?? constantNode(part(x.data, begin, count, sizeOf(row)), [count, ...row]);
  known.set(key, range);
  return range;
}

function part(data: ConstantData, begin: number, count: number, width: number): ConstantData {
  const [from, to] = [begin * width, (begin + count) * width];
  if (!('read' in data)) return data.subarray(from, to);
  return {
    path: data.path,
    offset: data.offset + from * Float32Array.BYTES_PER_ELEMENT,
    read: () => data.read().subarray(from, to),
  };
}
