import { tf } from '../../tf.ts';
import { cast, kernel, toBool, toFloat, toInt } from './define.ts';

const REDUCE = {
  Sum: 'ReduceSum',
  Mean: 'ReduceMean',
  Max: 'ReduceMax',
  Min: 'ReduceMin',
};

interface ReduceAttrs {
  axis?: number | number[] | null;
  reductionIndices?: number | number[];
  keepDims?: boolean;
}

function reducedShape(shape: readonly number[], axes: readonly number[], keep: boolean): number[] {
  return shape.flatMap((d, i) => (axes.includes(i) ? (keep ? [1] : []) : [d]));
}

function axesOf(axis: number | number[] | null | undefined, shape: readonly number[]): number[] {
  return tf.util.parseAxisParam(axis ?? shape.map((_, i) => i), [...shape]);
}

for (const [name, op] of Object.entries(REDUCE)) {
  const mean = name === 'Mean';
  kernel(
    name,
    (inputs, attrs: ReduceAttrs, { graph }) => {
      const x = mean ? cast(graph, inputs.x!, 'float32') : inputs.x!;
      const axes = axesOf(attrs.axis ?? attrs.reductionIndices, x.shape);
      if (axes.length === 0) return x;
      const shape = reducedShape(x.shape, axes, attrs.keepDims ?? false);
      return graph.op(op, [x, graph.int64(axes)], {
        dtype: x.dtype,
        shape,
        attributes: { keepdims: attrs.keepDims ? 1 : 0 },
      });
    },
    mean ? toFloat : undefined,
  );
}

for (const [name, op] of Object.entries({ All: 'ReduceMin', Any: 'ReduceMax' })) {
  kernel(
    name,
    ({ x }, attrs: ReduceAttrs, { graph }) => {
      const axes = axesOf(attrs.axis, x!.shape);
      const shape = reducedShape(x!.shape, axes, attrs.keepDims ?? false);
      const whole = cast(graph, x!, 'int32');
      const reduced = graph.op(op, [whole, graph.int64(axes)], {
        dtype: 'int32',
        shape,
        attributes: { keepdims: attrs.keepDims ? 1 : 0 },
      });
      return cast(graph, reduced, 'bool');
    },
    toBool,
  );
}

for (const op of ['ArgMax', 'ArgMin']) {
  kernel(
    op,
    ({ x }, attrs: { axis: number }, { graph }) => {
      const axis = axesOf(attrs.axis, x!.shape)[0]!;
      const shape = reducedShape(x!.shape, [axis], false);
      return cast(
        graph,
        graph.op(op, [x!], { dtype: 'int64', shape, attributes: { axis, keepdims: 0 } }),
        'int32',
      );
    },
    toInt,
  );
}

kernel('Cumsum', ({ x }, a: { axis: number; exclusive: boolean; reverse: boolean }, { graph }) =>
  graph.op('CumSum', [x!, graph.literal(Int32Array.of(a.axis), [], 'int32')], {
    dtype: x!.dtype,
    shape: x!.shape,
    attributes: { exclusive: a.exclusive ? 1 : 0, reverse: a.reverse ? 1 : 0 },
  }),
);

kernel('Softmax', ({ logits }, { dim }: { dim: number }, { graph }) =>
  graph.op('Softmax', [logits!], { dtype: logits!.dtype, shape: logits!.shape, attributes: { axis: dim } }),
);

kernel(
  'TopK',
  ({ x }, { k }: { k: number }, { graph }) => {
    const shape = [...x!.shape.slice(0, -1), k];
    const top = graph.op('TopK', [x!, graph.int64([k])], {
      dtype: x!.dtype,
      shape,
      attributes: { axis: -1, largest: 1, sorted: 1 },
      outputs: 2,
    });
    const places = graph.item(top, 1, 'int64', shape);
    return [graph.item(top, 0, x!.dtype, shape), cast(graph, places, 'int32')];
  },
  ([x]) => [x!.dtype, 'int32'],
);
