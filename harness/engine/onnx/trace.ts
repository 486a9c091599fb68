import { flatten, type Leaf, unflatten } from '../compile.ts';
import { type Tensor, tf } from '../tf.ts';
import type { Held, OnnxBackend } from './backend.ts';
import {
  elementType,
  type FeedNode,
  feedNode,
  type HostTensor,
  type Node,
  type Program,
  programOf,
} from './graph.ts';
import { inHalfPrecision } from './half-precision.ts';
import { simplified } from './rewrite/index.ts';

export type StepTree = Parameters<typeof flatten>[0];
export type Step = (args: unknown) => StepTree;

/** A traced step: the program, and where each of its feeds comes from. */
export interface Traced {
  readonly program: Program;
  /** For each feed the index of an argument leaf, or the captured data. */
  readonly sources: (number | HostTensor)[];
  /** The step's result, for its structure. */
  readonly result: StepTree;
  readonly dtypes: Tensor['dtype'][];
}

/**
 * Records what a step does with arguments like `args`. Data made inside become part of the graph, data from outside
 * become sources. Nothing is run. Traces may lie inside one another.
 * @returns the trace, or the tensors from outside that must be computed first: they were recorded but never run, and would
 * be computed again at every call of the step
 */
export function trace(
  backend: OnnxBackend,
  fn: Step,
  args: StepTree,
  leaves: readonly Leaf[],
): Traced | { readonly pending: ReadonlySet<Held> } {
  const start = backend.serial;
  const pending = new Set<Held>();
  const numbers = new Map<string, Node>();
  const feeds: FeedNode[] = [];
  const outer = backend.capture;
  backend.capture = (held, node) => {
    if (held.serial >= start) return held.values ? literal(backend, held, node, numbers) : node;
    if (!held.values && node.kind !== 'constant') pending.add(held);
    return node;
  };
  tf.engine().startScope();
  try {
    const placeholders = leaves.map((leaf) => {
      const dtype = typeof leaf === 'number' ? 'float32' : leaf.dtype;
      const feed = feedNode(elementType(dtype), typeof leaf === 'number' ? [] : leaf.shape);
      feeds.push(feed);
      return tf.engine().makeTensorFromTensorInfo(backend.wrap(feed, dtype));
    });
    const result = fn(unflatten(args, placeholders));
    const tensors = flatten(result).leaves as Tensor[];
    const recorded = tensors.map((t) => backend.node(t));
    const outputs = backend.halfPrecision ? inHalfPrecision(recorded) : recorded;
    if (pending.size > 0) return { pending };
    const program = programOf(outputs);
    const sources = program.feeds.map((feed) => {
      const argument = feeds.indexOf(feed);
      return argument >= 0 ? argument : backend.feedData(feed);
    });
    return { program, sources, result, dtypes: tensors.map((t) => t.dtype) };
  } finally {
    tf.engine().endScope();
    backend.capture = outer;
    if (!outer) backend.graph.clear();
  }
}

/**
 * The same by fewer operators. Not for half precision, where a residual that is a product's operand would be rounded with it.
 */
export function simplifiedTrace(backend: OnnxBackend, traced: Traced): Traced {
  const { program, sources } = traced;
  const source = new Map(program.feeds.map((feed, i) => [feed, sources[i]!]));
  const fewer = programOf(simplified(program.outputs, backend.sessions.provider));
  return { ...traced, program: fewer, sources: fewer.feeds.map((feed) => source.get(feed)!) };
}

/**
 * What data made inside a step become: part of the graph. Single floats stay feeds, so that a step size or a weight of
 * a loss does not ask for a graph of its own; equal ones are one feed, so that expressions with numbers in them are
 * recognised as common ones.
 */
function literal(backend: OnnxBackend, held: Readonly<Held>, node: Node, numbers: Map<string, Node>): Node {
  if (node.kind !== 'feed') return node;
  const values = held.values!;
  if (node.dtype !== 'float32' || values.length !== 1)
    return backend.graph.literal(values, held.shape, node.dtype);
  const key = `${Object.is(values[0], -0) ? '-0' : values[0]} [${held.shape}]`;
  const known = numbers.get(key) ?? node;
  numbers.set(key, known);
  return known;
}
