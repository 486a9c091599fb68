/** Says in which order a graph is computed, which is what it holds in memory. */
import type { Graph, Node } from '../graph.ts';
import { binary, cast } from './define.ts';
import { slice } from './shape.ts';

/** x, available once `done` are: a zero made of one element of each is added to it, whatever their values. */
export function after(g: Graph, x: Node, done: readonly Node[]): Node {
  if (done.length === 0) return x;
  const origin = (n: Node) =>
    slice(
      g,
      n,
      n.shape.map(() => 0),
      n.shape.map(() => 1),
    );
  const sum = done.map(origin).reduce((a, b) => binary(g, 'Add', a, b));
  // Nothing is greater than itself; a product with 0 would hand a NaN on to other images.
  return binary(g, 'Add', x, cast(g, binary(g, 'Greater', sum, sum, 'bool'), 'float32'));
}
