import { type Compile, flatten, type Leaf, unflatten } from '../compile.ts';
import { type Tensor, tf } from '../tf.ts';
import type { Held, OnnxBackend } from './backend.ts';
import { elementType } from './backend.ts';
import { type FeedNode, feedNode, type Node, type Program, programOf } from './graph.ts';
import type { HostTensor } from './session.ts';

type StepTree = Parameters<typeof flatten>[0];
type Step = (args: unknown) => StepTree;

/** A traced step: the program, and where each of its feeds comes from. */
interface Traced {
  program: Program;
  /** For each feed the index of an argument leaf, or the captured data. */
  sources: (number | HostTensor)[];
  result: StepTree;
  dtypes: Tensor['dtype'][];
  calls: number;
}

/** A trace is compared with a fresh one at the second call, and then now and then. */
const CHECK_EVERY = 64;

/** `compile` for the onnx backend: traces the step once for each structure of its arguments. */
export function compilerFor(backend: OnnxBackend): Compile {
  const compile = (fn: Step): ((args: StepTree) => Promise<unknown>) => {
    const traces = new Map<string, Traced>();
    return async (args) => {
      const { leaves, structure } = flatten(args);
      const retrace = (): Promise<Traced> => trace(backend, fn, args, leaves);
      let traced = traces.get(structure);
      if (!traced) {
        traced = await retrace();
        traces.set(structure, traced);
      } else if (traced.calls === 1 || traced.calls % CHECK_EVERY === 0)
        refuseStaleCapture(traced, await retrace());
      traced.calls++;
      const data = await Promise.all(leaves.map((leaf) => hostTensor(backend, leaf)));
      const results = await backend.sessions.run(
        traced.program,
        traced.sources.map((source) => (typeof source === 'number' ? data[source]! : source)),
      );
      const tensors = results.map((result, i) => backend.tensor(result, traced.dtypes[i]!));
      return unflatten(traced.result, tensors);
    };
  };
  return compile as Compile;
}

async function hostTensor(backend: OnnxBackend, leaf: Leaf): Promise<HostTensor> {
  if (typeof leaf === 'number') return { dtype: 'float32', shape: [], data: Float32Array.of(leaf) };
  return backend.materialise(leaf.dataId);
}

async function trace(
  backend: OnnxBackend,
  fn: Step,
  args: StepTree,
  leaves: readonly Leaf[],
): Promise<Traced> {
  const start = backend.serial;
  const lazy = new Set<Held>();
  const numbers = new Map<string, Node>();
  backend.capture = (held, node) => {
    if (held.serial >= start) return held.values ? literal(backend, held, node, numbers) : node;
    // A tensor that was recorded before but not run: it would be computed again at every call of the step.
    if (!held.values) lazy.add(held);
    return node;
  };
  const feeds: FeedNode[] = [];
  tf.engine().startScope();
  let result: StepTree;
  let outputs: Node[];
  let dtypes: Tensor['dtype'][];
  try {
    const placeholders = leaves.map((leaf) => {
      const dtype = typeof leaf === 'number' ? 'float32' : leaf.dtype;
      const feed = feedNode(elementType(dtype), typeof leaf === 'number' ? [] : leaf.shape);
      feeds.push(feed);
      return tf.engine().makeTensorFromTensorInfo(backend.wrap(feed, dtype));
    });
    result = fn(unflatten(args, placeholders));
    const tensors = flatten(result).leaves as Tensor[];
    outputs = tensors.map((t) => backend.node(t));
    dtypes = tensors.map((t) => t.dtype);
  } finally {
    tf.engine().endScope();
    backend.capture = null;
    backend.graph.clear();
  }
  if (lazy.size > 0) {
    for (const held of lazy) await backend.compute(held);
    return trace(backend, fn, args, leaves);
  }
  const program = programOf(outputs);
  const sources = program.feeds.map((feed) => {
    const argument = feeds.indexOf(feed);
    return argument >= 0 ? argument : backend.feedData(feed);
  });
  return { program, sources, result, dtypes, calls: 0 };
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

function refuseStaleCapture(before: Traced, now: Traced): void {
  const advice = 'pass what varies as an argument of the step (a number will do)';
  if (before.program.hash !== now.program.hash)
    throw new Error(`a compiled step changed its graph between calls: ${advice}`);
  for (const [i, was] of before.sources.entries()) {
    const is = now.sources[i]!;
    const same = typeof was === 'number' || typeof is === 'number' ? was === is : sameData(was, is);
    if (!same)
      throw new Error(
        `a compiled step uses a value from outside that changed between calls${values(was, is)}: ${advice}`,
      );
  }
}

function sameData(a: HostTensor, b: HostTensor): boolean {
  return a.data === b.data || (a.data.length === 1 && b.data.length === 1 && Object.is(a.data[0], b.data[0]));
}

function values(was: number | HostTensor, is: number | HostTensor): string {
  if (typeof was === 'number' || typeof is === 'number') return '';
  return was.data.length === 1
    ? ` (${was.data[0]}, then ${is.data[0]})`
    : ` (a tensor of shape [${was.shape}])`;
}
