import { type PoolAttrs, pooledLength } from '../../ops/pool.ts';
import { sizeOf } from '../../shape.ts';
import type { Attributes, Node } from '../graph.ts';
import { filled, kernel } from './define.ts';

function pooled({ shape }: Node, attrs: PoolAttrs): [number[], Attributes] {
  const [b, c, h, w] = shape as [number, number, number, number];
  const { size, stride, padding, ceil } = attrs;
  const attributes = {
    kernel_shape: [size, size],
    strides: [stride, stride],
    pads: [padding, padding, padding, padding],
    ceil_mode: ceil ? 1 : 0,
  };
  return [[b, c, pooledLength(h, attrs), pooledLength(w, attrs)], attributes];
}

kernel('MaxPool2dNchw', ({ x }, attrs: PoolAttrs, { graph }) => {
  const [shape, attributes] = pooled(x!, attrs);
  return graph.op('MaxPool', [x!], { dtype: 'float32', shape, attributes });
});

// ONNX Runtime has no gradient of it, but says where each maximum was. A node of its own: without places it is faster.
kernel('MaxPool2dNchwGrad', ({ x, dy }, attrs: PoolAttrs, { graph: g, reshape }) => {
  const [shape, attributes] = pooled(x!, attrs);
  const pool = g.op('MaxPool', [x!], { dtype: 'float32', shape, attributes, outputs: 2 });
  const count = sizeOf(dy!.shape);
  const size = sizeOf(x!.shape);
  const places = reshape(g.item(pool, 1, 'int64', shape), [count]);
  const inputs = [filled(g, [size], 0, 'float32'), places, reshape(dy!, [count])];
  const sums = g.op('ScatterElements', inputs, {
    dtype: 'float32',
    shape: [size],
    attributes: { axis: 0, reduction: 'add' },
  });
  return reshape(sums, x!.shape);
});

kernel('AvgPool2dNchw', ({ x }, attrs: PoolAttrs, { graph }) => {
  const [shape, attributes] = pooled(x!, attrs);
  return graph.op('AveragePool', [x!], {
    dtype: 'float32',
    shape,
    attributes: { ...attributes, count_include_pad: 0 },
  });
});
