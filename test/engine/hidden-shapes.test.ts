import { describe, expect, it } from 'vitest';
import { constantNode, feedNode, Graph, type Node, programOf } from '../../harness/engine/onnx/graph.ts';
import { shapesToHide } from '../../harness/engine/onnx/hidden-shapes.ts';
import { emitModel } from '../../harness/engine/onnx/model.ts';
import { reshape } from '../../harness/engine/onnx/reshape.ts';
import * as ort from '../../harness/engine/onnx/runtime.ts';

const graph = new Graph();
const weight = { path: '/weights', offset: 0, read: () => Float32Array.of(1) };
const scaled = (x: Node, w: Node) => graph.op('Mul', [x, w], { dtype: x.dtype, shape: x.shape });
const literals = (nodes: Iterable<Node>) =>
  [...nodes].map((node) => (node.kind === 'literal' ? [...(node.data as BigInt64Array)].map(Number) : node));

describe('shapes that ONNX Runtime plans nothing by', () => {
  const x = feedNode('float32', [2048, 4096]);
  const large = reshape(graph, x, [2048, 64, 64]);
  const small = reshape(graph, feedNode('float32', [6]), [2, 3]);

  it('are those that large values are reshaped to, beside weights in a file', () => {
    const mapped = constantNode(weight, []);
    expect(literals(shapesToHide(programOf([scaled(large, mapped), scaled(small, mapped)])))).toEqual([
      [2048, 64, 64],
    ]);
  });

  it('are none beside weights in memory, whose buffers are kept anyway', () => {
    const read = constantNode(Float32Array.of(1), []);
    expect(shapesToHide(programOf([scaled(large, read)])).size).toBe(0);
  });
});

it('a graph with hidden shapes asks for no other inputs and gives the same values', async () => {
  const x = feedNode('float32', [6]);
  const turned = reshape(graph, x, [2, 3]);
  const y = graph.op('Transpose', [scaled(turned, turned)], {
    dtype: 'float32',
    shape: [3, 2],
    attributes: { perm: [1, 0] },
  });
  const program = programOf([y]);
  const target = program.order.find((node) => node.kind === 'literal')!;
  const values = [];
  for (const hidden of [new Set<Node>(), new Set<Node>([target])]) {
    const { bytes, inputs, outputs } = emitModel(program, hidden);
    const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
    expect(session.inputNames).toEqual(inputs);
    const feed = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6), [6]);
    const results = await session.run({ [inputs[0]!]: feed }, outputs);
    const { dims, data } = results[outputs[0]!]!;
    values.push({ dims, data: [...(data as Float32Array)] });
    await session.release();
  }
  expect(values[0]).toEqual({ dims: [3, 2], data: [1, 16, 4, 25, 9, 36] });
  expect(values[1]).toEqual(values[0]);
});
