import { flatten } from '../compile.ts';
import { type NamedTensorMap, type Tensor, tf } from '../tf.ts';
import type { OnnxBackend } from './backend.ts';
import { simplifiedTrace, type Traced, trace } from './trace.ts';

/** Traces of called functions, by function and by structure of their inputs. */
const traces = new WeakMap<OnnxBackend, WeakMap<object, Map<string, Traced>>>();

/**
 * Records a call of `fn` as a graph of its own.
 * @param identity stands for `fn` among the functions that were traced before
 * @throws Error where `fn` uses a tensor from outside that has no values yet: such a tensor must be an input
 */
export function callOnnx(
  backend: OnnxBackend,
  fn: (inputs: NamedTensorMap) => Tensor[],
  inputs: NamedTensorMap,
  identity: object,
): Tensor[] {
  const { leaves, structure } = flatten(inputs);
  const traced = known(backend, identity, `${backend.halfPrecision ? 'half ' : ''}${structure}`, () =>
    onFreshTape(() => {
      const found = trace(backend, fn as Parameters<typeof trace>[1], inputs, leaves);
      if ('pending' in found)
        throw new Error('a function behind a border uses a tensor that is not among its inputs');
      return backend.halfPrecision ? found : simplifiedTrace(backend, found);
    }),
  );
  const nodes = (leaves as Tensor[]).map((leaf) => backend.node(leaf));
  const call = backend.graph.call(traced, nodes);
  return traced.program.outputs.map(({ dtype, shape }, i) =>
    tf
      .engine()
      .makeTensorFromTensorInfo(backend.wrap(backend.graph.item(call, i, dtype, shape), traced.dtypes[i]!)),
  );
}

function known(backend: OnnxBackend, identity: object, structure: string, make: () => Traced): Traced {
  const byFunction = traces.get(backend) ?? new WeakMap<object, Map<string, Traced>>();
  traces.set(backend, byFunction);
  const byStructure = byFunction.get(identity) ?? new Map<string, Traced>();
  byFunction.set(identity, byStructure);
  const traced = byStructure.get(structure) ?? make();
  byStructure.set(structure, traced);
  return traced;
}

/**
 * Runs `fn` as if no gradient were being taken: a trace inside a step's gradient must neither be recorded by it nor,
 * where it takes gradients itself, disturb it.
 */
function onFreshTape<T>(fn: () => T): T {
  const { state } = tf.engine();
  const { activeTape, gradientDepth, kernelDepth } = state;
  Object.assign(state, { activeTape: undefined, gradientDepth: 0, kernelDepth: 0 });
  try {
    return fn();
  } finally {
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  }
}
