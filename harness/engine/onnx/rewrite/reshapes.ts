/**
 * Element-wise operators on rows compute in the shape that these had before they were reshaped, and their result is reshaped
 * instead: reshapes move on until they meet one that undoes them. Each costs a small network as much as a small product.
 */
import { sizeOf } from '../../shape.ts';
import type { Graph, Node, OpNode } from '../graph.ts';
import { reshape, sameShape, sourceOf } from '../reshape.ts';
import { rebuilt } from './rebuild.ts';

const ELEMENTWISE = new Set([
  ...['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Neg', 'Abs', 'Reciprocal', 'Sqrt', 'Exp', 'Log'],
  ...['Sigmoid', 'Tanh', 'Relu', 'LeakyRelu', 'Erf', 'Gelu', 'Softplus'],
]);

export const withFewReshapes = (graph: Graph, outputs: readonly Node[]): Node[] =>
  rebuilt(graph, outputs, (node, inputs) => movedOn(graph, node, inputs));

function movedOn(graph: Graph, node: OpNode, inputs: readonly Node[]): Node | null {
  const { op, shape } = node;
  if (op === 'Reshape') return reshape(graph, inputs[0]!, shape);
  const lead =
    ELEMENTWISE.has(op) && inputs.find((x) => sameShape(x.shape, shape) && sameRows(sourceOf(x), x));
  if (!lead) return null;
  const before = sourceOf(lead).shape;
  const operands = inputs.map((x) => operand(graph, x, shape, before));
  if (operands.some((x) => x === null)) return null;
  return reshape(graph, graph.op(op, operands as Node[], { ...node, shape: before }), shape);
}

/** Whether two shapes of the same values differ in how rows are counted only. */
function sameRows(a: Node, b: Node): boolean {
  return a !== b && a.shape.length > 0 && a.shape.at(-1) === b.shape.at(-1);
}

/** What broadcasts to `to` as x does to `from`; null: nothing does. */
function operand(graph: Graph, x: Node, from: readonly number[], to: readonly number[]): Node | null {
  if (sameShape(x.shape, from)) return reshape(graph, x, to);
  const size = sizeOf(x.shape);
  if (size === 1) return x.shape.length <= to.length ? x : reshape(graph, x, []);
  const alikeForAllRows = size === x.shape.at(-1);
  return alikeForAllRows ? reshape(graph, x, [size]) : null;
}
