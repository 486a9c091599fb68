import { describe, expect, it } from 'vitest';
import { gradientMaps } from '../../harness/engine/onnx/gradient-maps.ts';
import { constantNode, feedNode, Graph, type Node, programOf } from '../../harness/engine/onnx/graph.ts';
import { emitModel } from '../../harness/engine/onnx/model.ts';
import { reshape } from '../../harness/engine/onnx/reshape.ts';
import * as ort from '../../harness/engine/onnx/runtime.ts';

const graph = new Graph();
const product = (x: Node, w: Node) => graph.op('Mul', [x, w], { dtype: x.dtype, shape: x.shape });

describe('maps of a gradient that count as of another shape', () => {
  const mapped = constantNode({ path: '/weights', offset: 0, read: () => Float32Array.of(1) }, []);
  const rows = feedNode('float32', [32, 512 ** 2]);
  const map = (x: Node) => reshape(graph, x, [1, 32, 512, 512]);

  it('are what large rows are made of by a product, beside weights in a file', () => {
    const large = map(product(rows, mapped));
    const others = [
      map(feedNode('float32', [32, 512 ** 2])),
      reshape(graph, product(rows, mapped), [32, 512, 512]),
      reshape(graph, product(feedNode('float32', [6]), mapped), [1, 1, 2, 3]),
    ];
    expect([...gradientMaps(programOf([large, ...others]))]).toEqual([large]);
  });

  it('are none beside weights in memory, where buffers stay anyway', () => {
    expect(gradientMaps(programOf([map(product(rows, constantNode(Float32Array.of(1), [])))])).size).toBe(0);
  });
});

it('a reshape to a named number of images has the same values and asks for no other inputs', async () => {
  const x = feedNode('float32', [6]);
  const map = reshape(graph, product(x, x), [1, 1, 2, 3]);
  const program = programOf([product(map, map)]);
  for (const named of [[], [map]]) {
    const { bytes, inputs, outputs } = emitModel(program, new Set(named));
    const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
    expect(session.inputNames).toEqual(inputs);
    const feed = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6), [6]);
    const { dims, data } = (await session.run({ [inputs[0]!]: feed }, outputs))[outputs[0]!]!;
    expect({ dims, data: [...(data as Float32Array)] }).toEqual({
      dims: [1, 1, 2, 3],
      data: [1, 16, 81, 256, 625, 1296],
    });
    await session.release();
  }
});
