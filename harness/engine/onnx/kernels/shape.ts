import { sizeOf } from '../../shape.ts';
import { type DataType, tf } from '../../tf.ts';
import { constantRange } from '../constant-range.ts';
import type { Graph, Node } from '../graph.ts';
import { binary, filled, kernel, listOf, scalarLike } from './define.ts';

kernel('Reshape', ({ x }, { shape }: { shape: number[] }, { reshape }) => {
  const size = sizeOf(x!.shape);
  return reshape(x!, tf.util.inferFromImplicitShape(shape, size));
});
kernel('ExpandDims', ({ input }, { dim }: { dim: number }, { reshape }) => {
  const at = dim < 0 ? input!.shape.length + dim + 1 : dim;
  return reshape(input!, [...input!.shape.slice(0, at), 1, ...input!.shape.slice(at)]);
});

export function transpose(g: Graph, x: Node, perm: readonly number[]): Node {
  if (perm.every((p, i) => p === i)) return x;
  if (x.kind === 'op' && x.op === 'Transpose') {
    const inner = x.attributes.perm as readonly number[];
    return transpose(
      g,
      x.inputs[0]!,
      perm.map((p) => inner[p]!),
    );
  }
  return g.op('Transpose', [x], {
    dtype: x.dtype,
    shape: perm.map((p) => x.shape[p]!),
    attributes: { perm },
  });
}
kernel('Transpose', ({ x }, { perm }: { perm: number[] }, { graph }) => transpose(graph, x!, perm));

export function concat(g: Graph, parts: readonly Node[], axis: number): Node {
  if (parts.length === 1) return parts[0]!;
  const first = parts[0]!;
  const shape = first.shape.map((d, i) =>
    i === axis ? parts.reduce((sum, p) => sum + p.shape[axis]!, 0) : d,
  );
  return g.op('Concat', parts, { dtype: first.dtype, shape, attributes: { axis } });
}
kernel('Concat', (inputs, { axis }: { axis: number }, { graph }) => {
  const parts = listOf(inputs);
  const filledParts = parts.filter((p) => !p.shape.includes(0));
  return concat(
    graph,
    filledParts.length > 0 ? filledParts : parts.slice(0, 1),
    tf.util.parseAxisParam(axis, [...parts[0]!.shape])[0]!,
  );
});
kernel('Pack', (inputs, attrs: { axis: number }, { graph, reshape }) => {
  const parts = listOf(inputs);
  const first = parts[0]!.shape;
  const axis = attrs.axis < 0 ? attrs.axis + first.length + 1 : attrs.axis;
  const shape = [...first.slice(0, axis), 1, ...first.slice(axis)];
  return concat(
    graph,
    parts.map((p) => reshape(p, shape)),
    axis,
  );
});

/** x[begin : begin + size]. */
export function slice(
  g: Graph,
  x: Node,
  begin: readonly number[],
  size: readonly number[],
  strides?: readonly number[],
): Node {
  const steps = strides ?? begin.map(() => 1);
  if (size.every((s, i) => s === x.shape[i]) && steps.every((s) => s === 1)) return x;
  if (x.kind === 'constant' && x.dtype === 'float32' && isRange(x, size, steps))
    return constantRange(x, begin[0]!, size[0]!);
  // A backward slice that ends at the first element has no non-negative end.
  const ends = begin.map((b, i) => {
    const end = b + size[i]! * steps[i]!;
    return end < 0 ? Number.MIN_SAFE_INTEGER : end;
  });
  const axes = begin.map((_, i) => i);
  const inputs = [x, g.int64(begin), g.int64(ends), g.int64(axes), g.int64(steps)];
  return g.op('Slice', inputs, { dtype: x.dtype, shape: size });
}
/** Whether a slice is whole along all axes but the first, and there without gaps. */
function isRange(x: Node, size: readonly number[], steps: readonly number[]): boolean {
  return steps[0] === 1 && size.every((s, axis) => axis === 0 || (s === x.shape[axis] && steps[axis] === 1));
}
kernel('Slice', ({ x }, { begin, size }: { begin: number[]; size: number[] }, { graph }) => {
  const [from, counts] = tf.slice_util.parseSliceParams({ shape: [...x!.shape] } as never, begin, size);
  return slice(graph, x!, from!, counts!);
});

interface StridedSliceAttrs {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}
kernel('StridedSlice', ({ x }, a: StridedSliceAttrs, { graph, reshape }) => {
  const info = tf.slice_util.sliceInfo(
    [...x!.shape],
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
  if (info.isIdentity) return reshape(x!, info.finalShape);
  const size = tf.slice_util.computeOutShape(info.begin, info.end, info.strides);
  return reshape(slice(graph, x!, info.begin, size, info.strides), info.finalShape);
});
kernel('Reverse', ({ x }, { dims }: { dims: number | number[] }, { graph }) => {
  const axes = tf.util.parseAxisParam(dims, [...x!.shape]);
  const begin = x!.shape.map((d, i) => (axes.includes(i) ? d - 1 : 0));
  return slice(
    graph,
    x!,
    begin,
    x!.shape,
    x!.shape.map((_, i) => (axes.includes(i) ? -1 : 1)),
  );
});

kernel(
  'SplitV',
  ({ x }, { numOrSizeSplits, axis }: { numOrSizeSplits: number | number[]; axis: number }, { graph }) => {
    const at = tf.util.parseAxisParam(axis, [...x!.shape])[0]!;
    const sizes = tf.backend_util.prepareSplitSize({ shape: x!.shape } as never, numOrSizeSplits, at);
    let start = 0;
    return sizes.map((n) => {
      const begin = x!.shape.map((_, i) => (i === at ? start : 0));
      start += n;
      return slice(
        graph,
        x!,
        begin,
        x!.shape.map((d, i) => (i === at ? n : d)),
      );
    });
  },
);
kernel('Unpack', ({ value }, { axis }: { axis: number }, { graph, reshape }) => {
  const at = tf.util.parseAxisParam(axis, [...value!.shape])[0]!;
  const size = value!.shape.map((d, i) => (i === at ? 1 : d));
  return Array.from({ length: value!.shape[at]! }, (_, k) =>
    reshape(
      slice(
        graph,
        value!,
        size.map((_, i) => (i === at ? k : 0)),
        size,
      ),
      size.filter((_, i) => i !== at),
    ),
  );
});

/** Pads with a constant. */
export function pad(g: Graph, x: Node, paddings: readonly (readonly [number, number])[], value = 0): Node {
  if (paddings.every(([a, b]) => a === 0 && b === 0)) return x;
  const pads = g.int64([...paddings.map(([a]) => a), ...paddings.map(([, b]) => b)]);
  const shape = x.shape.map((d, i) => d + paddings[i]![0] + paddings[i]![1]);
  return g.op('Pad', [x, pads, scalarLike(g, x, value)], { dtype: x.dtype, shape });
}
kernel('PadV2', ({ x }, a: { paddings: [number, number][]; constantValue: number }, { graph }) =>
  pad(graph, x!, a.paddings, a.constantValue),
);

kernel('Tile', ({ x }, { reps }: { reps: number[] }, { graph }) => {
  const shape = x!.shape.map((d, i) => d * reps[i]!);
  return reps.every((r) => r === 1)
    ? x!
    : graph.op('Tile', [x!, graph.int64(reps)], { dtype: x!.dtype, shape });
});

kernel(
  'GatherV2',
  ({ x, indices }, { axis, batchDims = 0 }: { axis: number; batchDims?: number }, { graph }) => {
    if (batchDims !== 0) throw new Error('GatherV2 with batchDims is not mapped to ONNX');
    const at = tf.util.parseAxisParam(axis, [...x!.shape])[0]!;
    const shape = [...x!.shape.slice(0, at), ...indices!.shape, ...x!.shape.slice(at + 1)];
    return graph.op('Gather', [x!, indices!], { dtype: x!.dtype, shape, attributes: { axis: at } });
  },
);
kernel(
  'UnsortedSegmentSum',
  ({ x, segmentIds }, { numSegments }: { numSegments: number }, { graph, reshape }) => {
    const shape = [numSegments, ...x!.shape.slice(1)];
    const ids = graph.op('Cast', [reshape(segmentIds!, [segmentIds!.shape[0]!, 1])], {
      dtype: 'int64',
      shape: [segmentIds!.shape[0]!, 1],
      attributes: { to: 7 },
    });
    return graph.op('ScatterND', [filled(graph, shape, 0, x!.dtype), ids, x!], {
      dtype: x!.dtype,
      shape,
      attributes: { reduction: 'add' },
    });
  },
);
interface OneHotAttrs {
  depth: number;
  onValue: number;
  offValue: number;
  dtype: DataType;
}
kernel(
  'OneHot',
  ({ indices }, { depth, onValue, offValue, dtype }: OneHotAttrs, { graph: g, reshape }) => {
    const columns = g.literal(
      Int32Array.from({ length: depth }, (_, i) => i),
      [depth],
      'int32',
    );
    const hit = binary(g, 'Equal', reshape(indices!, [...indices!.shape, 1]), columns, 'bool');
    const value = (v: number) => filled(g, [], v, dtype as 'float32');
    const spec = { dtype: dtype as 'float32', shape: hit.shape };
    return g.op('Where', [hit, value(onValue), value(offValue)], spec);
  },
  (_, attrs) => attrs.dtype as DataType,
);

interface RangeAttrs {
  start: number;
  stop: number;
  step: number;
  dtype: 'float32' | 'int32';
}
kernel(
  'Range',
  (_, { start, stop, dtype, ...attrs }: RangeAttrs, { graph }) => {
    const step = stop < start && attrs.step === 1 ? -1 : attrs.step;
    const length = Math.max(0, Math.ceil((stop - start) / step));
    const values = Array.from({ length }, (_, i) => start + i * step);
    const data = dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values);
    return graph.literal(data, [length], dtype);
  },
  (_, attrs) => attrs.dtype as DataType,
);
