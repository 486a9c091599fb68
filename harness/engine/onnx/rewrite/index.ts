import { Graph, type Node } from '../graph.ts';
import type { Provider } from '../session.ts';
import { withColumnsInWeights } from './columns.ts';
import { rebuilt } from './rebuild.ts';
import { withFewReshapes } from './reshapes.ts';
import { withScalesAtConvolutions } from './scales.ts';
import { withSumsInProducts } from './sums.ts';
import { withTurnedProducts } from './turned.ts';

/** The same outputs by fewer operators, to float32's rounding. */
export function simplified(outputs: readonly Node[], provider: Provider): Node[] {
  const graph = new Graph();
  // All of it in one graph, so that what a rule makes and what was there already are one node.
  let nodes = rebuilt(graph, outputs, (node, inputs) => graph.op(node.op, inputs, node));
  nodes = withScalesAtConvolutions(graph, nodes);
  nodes = withFewReshapes(graph, nodes);
  nodes = withSumsInProducts(graph, nodes);
  nodes = withColumnsInWeights(graph, nodes);
  // Only the CPU provider multiplies transposed operands in place.
  return provider === 'cpu' ? withTurnedProducts(graph, nodes) : nodes;
}
