import { type Compile, flatten, type Leaf, unflatten } from '../compile.ts';
import type { OnnxBackend } from './backend.ts';
import { execute } from './execute.ts';
import type { HostTensor } from './graph.ts';
import { type Step, type StepTree, simplifiedTrace, type Traced, trace } from './trace.ts';

/** A trace is compared with a fresh one at the second call, and then now and then: it takes as long as some steps. */
const isChecked = (call: number): boolean => call === 2 || call === 64 || call % 256 === 0;

interface CompiledStep {
  readonly recorded: Traced;
  /** What runs. */
  readonly traced: Traced;
  calls: number;
}

/** `compile` for the onnx backend: traces the step once for each structure of its arguments. */
export function compilerFor(backend: OnnxBackend, halfPrecision = false): Compile {
  const compile = (fn: Step): ((args: StepTree) => Promise<unknown>) => {
    const traces = new Map<string, CompiledStep>();
    return async (args) => {
      const { leaves, structure } = flatten(args);
      const retrace = (): Promise<Traced> => traceWhenReady(backend, halfPrecision, fn, args, leaves);
      let step = traces.get(structure);
      if (!step) {
        const recorded = await retrace();
        const traced = halfPrecision ? recorded : simplifiedTrace(backend, recorded);
        step = { recorded, traced, calls: 0 };
        traces.set(structure, step);
      } else if (isChecked(step.calls + 1)) refuseStaleCapture(step.recorded, await retrace());
      step.calls++;
      const { program, sources, result, dtypes } = step.traced;
      const data = await Promise.all(leaves.map((leaf) => hostTensor(backend, leaf)));
      const feeds = sources.map((source) => (typeof source === 'number' ? data[source]! : source));
      const results = await execute(backend.sessions, program, feeds);
      return unflatten(
        result,
        results.map((tensor, i) => backend.tensor(tensor, dtypes[i]!)),
      );
    };
  };
  return compile as Compile;
}

async function hostTensor(backend: OnnxBackend, leaf: Leaf): Promise<HostTensor> {
  if (typeof leaf === 'number') return { dtype: 'float32', shape: [], data: Float32Array.of(leaf) };
  return backend.materialise(leaf.dataId);
}

async function traceWhenReady(
  backend: OnnxBackend,
  halfPrecision: boolean,
  fn: Step,
  args: StepTree,
  leaves: readonly Leaf[],
): Promise<Traced> {
  for (;;) {
    backend.halfPrecision = halfPrecision;
    const traced = trace(backend, fn, args, leaves);
    if (!('pending' in traced)) return traced;
    for (const held of traced.pending) await backend.compute(held);
  }
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
