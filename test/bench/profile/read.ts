import { quantile } from '../statistics.ts';
import { operationsOf, type Shape } from './operations.ts';

/** An operator of a call, as ONNX Runtime ran it. */
export interface ProfiledOperator {
  readonly op: string;
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
  /** Milliseconds, the lower quartile of the calls: what else the machine does only adds. */
  readonly ms: number;
  /** Floating-point operations; null: unknown. */
  readonly operations: number | null;
}

/** What is used of an event in ONNX Runtime's profile: https://onnxruntime.ai/docs/performance/tune-performance/profiling-tools.html. */
interface Event {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
  readonly args: {
    readonly op_name?: string;
    readonly input_type_shape?: readonly TypedShape[];
    readonly output_type_shape?: readonly TypedShape[];
  };
}
/** `{"float": [1, 48, 16, 16]}`. */
type TypedShape = Readonly<Record<string, Shape>>;

/**
 * The operators of one call, from the profile of a graph that was run in each of `calls` calls, the first `skipped` of which
 * do not count (their buffers are new); none for a graph that only the first call ran.
 */
export function readProfile(profile: string, calls: number, skipped: number): ProfiledOperator[] {
  const runs: Event[][] = [];
  let run: Event[] = [];
  for (const event of JSON.parse(profile) as Event[]) {
    if (event.cat === 'Node' && event.name.endsWith('_kernel_time')) run.push(event);
    // An event is written when what it tells of ends.
    else if (event.name === 'model_run') {
      runs.push(run);
      run = [];
    }
  }
  const aCall = Math.floor(runs.length / calls);
  const counted = Array.from({ length: calls - skipped }, (_, i) =>
    runs.slice((skipped + i) * aCall, (skipped + i + 1) * aCall).flat(),
  );
  return counted[0]!.map(({ args }, i) => {
    const op = args.op_name!;
    const inputs = shapes(args.input_type_shape);
    const outputs = shapes(args.output_type_shape);
    const microseconds = counted.map((call) => call[i]!.dur);
    const ms = quantile(microseconds, 0.25) / 1000;
    return { op, inputs, outputs, ms, operations: operationsOf(op, inputs, outputs) };
  });
}

function shapes(typed: readonly TypedShape[] = []): Shape[] {
  return typed.flatMap((shape) => Object.values(shape));
}
