/**
 * Every gradient against finite differences in double precision: of the graph that the forward call records, evaluated by
 * test/support/float64.ts. The values that tfjs's own loops give (kernels.test.ts) are single precision, and its
 * gradients are partly the same code as ours.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import '../../harness/engine/ops.ts';
import type { Compile } from '../../harness/engine/compile.ts';
import { openDevice } from '../../harness/engine/device.ts';
import type { OnnxBackend } from '../../harness/engine/onnx/backend.ts';
import { type Node, programOf } from '../../harness/engine/onnx/graph.ts';
import { useOnnxBackend } from '../../harness/engine/onnx/register.ts';
import { normals } from '../../harness/engine/random.ts';
import { tf } from '../../harness/engine/tf.ts';
import { TESTED_DEVICES } from '../support/device.ts';
import { evaluate } from '../support/float64.ts';
import { CASES, type Case, tensorOf } from './cases.ts';
import { answer, weights } from './conformance.ts';
import { gapsOf, names, toleranceOf } from './gaps.ts';

/** Operators that float64.ts has no rule for: their gradients are compared with tfjs's alone. */
const WITHOUT_RULE = ['Cumsum', 'GatherV2', 'MaxPool2dNchw', 'UnsortedSegmentSum'];
/** An argument lies at a jump, or at the edge of where there is a value. */
const EDGES = ['Sign, zero', 'Round, halves go to the even number', 'Pow, negative base'];

type Value64 = (steps: readonly Float64Array[]) => number;
interface Row {
  readonly kernel: string;
  readonly name: string;
  readonly testCase: Case;
}

await tf.setBackend('cpu');
const rows: Row[] = Object.entries(CASES)
  .filter(([kernel]) => !!tf.getGradient(kernel) && !WITHOUT_RULE.includes(kernel))
  .flatMap(([kernel, cases]) => cases.map((testCase) => ({ kernel, name: testCase.name, testCase })))
  .filter(({ kernel, name, testCase: { valueOnly, args } }) => {
    const varied = !valueOnly && args.some(({ dtype }) => dtype === 'float32');
    return varied && !EDGES.includes(`${kernel}, ${name}`);
  })
  .filter(({ testCase: { args, run } }) =>
    [run(...args.map(tensorOf))].flat().every(({ dtype }) => dtype === 'float32'),
  );

/** The weighted sum whose gradients `answer` gives, the float32 arguments moved by `steps`. */
function record(backend: OnnxBackend, { args, run }: Case): Value64 {
  const inputs = args.map(tensorOf);
  const outputs = [run(...inputs)].flat();
  const program = programOf(outputs.map((output) => backend.node(output)));
  const floats = inputs.filter(({ dtype }) => dtype === 'float32').map((input) => backend.node(input));
  return (steps) => {
    const data = (node: Node): ArrayLike<number> => {
      const values = backend.feedData(node as Parameters<OnnxBackend['feedData']>[0]).data;
      const step = steps[floats.indexOf(node)];
      return step ? step.map((s, i) => values[i]! + s) : values;
    };
    const results = evaluate(program, data).map(({ data }, i) => ({ data, w: weights(data.length, i) }));
    return results.reduce((sum, { data, w }) => sum + dot(data, w), 0);
  };
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/** The derivative along a direction, by central differences; the error of the step's square cancels. */
function slope(value: Value64, direction: readonly Float64Array[]): number {
  const h = 1e-4;
  const at = (t: number) => value(direction.map((d) => d.map((v) => t * v)));
  return (8 * (at(h / 2) - at(-h / 2)) - (at(h) - at(-h))) / (6 * h);
}

const recorded = new Map<Case, Value64>();
beforeAll(async () => {
  const backend = await useOnnxBackend({ threads: 1, provider: 'cpu', capacity: 1 });
  for (const { testCase } of rows) recorded.set(testCase, record(backend, testCase));
});

it('kernels without finite differences are kernels with a gradient', () => {
  expect(WITHOUT_RULE.filter((kernel) => !CASES[kernel] || !tf.getGradient(kernel))).toEqual([]);
});

describe.each(TESTED_DEVICES)('gradients on %s are finite differences in double precision', (device) => {
  const gaps = gapsOf(device);
  let compile: Compile;
  let backend: string;
  beforeAll(async () => {
    ({ compile } = await openDevice(device));
    backend = tf.getBackend();
  });

  const there = rows.filter(({ kernel, name }) =>
    [gaps.errs, gaps.lacks, gaps.lacksGradient].every((list) => !names(list, kernel, name)),
  );
  it.each(there)('$kernel, $name', async ({ kernel, name, testCase }) => {
    const value = recorded.get(testCase)!;
    await tf.setBackend(backend);
    const gradients = (await answer(compile, testCase, true)).gradients.map(({ data }) => data);
    for (let draw = 0; draw < 2; draw++) {
      const direction = gradients.map(({ length }, i) =>
        Float64Array.from(normals({ seed: 2, role: 'sample', image: `direction ${i}`, draw }, length)),
      );
      const found = dot(
        gradients.flat(),
        direction.flatMap((d) => [...d]),
      );
      const expected = slope(value, direction);
      const size = norm(gradients.flat()) * norm(direction.flatMap((d) => [...d]));
      expect(Math.abs(found - expected), `found ${found}, expected ${expected}`).toBeLessThanOrEqual(
        toleranceOf(gaps, kernel, name) * size + 1e-9,
      );
    }
  });
});
