import type { DataType } from '../../tf.ts';
import type { Graph, Node } from '../graph.ts';
import { binary, broadcast, cast, filled, kernel, scalarLike, toBool, toFloat, unary } from './define.ts';

const UNARY = {
  Neg: 'Neg',
  Abs: 'Abs',
  Exp: 'Exp',
  Log: 'Log',
  Sqrt: 'Sqrt',
  Reciprocal: 'Reciprocal',
  Sigmoid: 'Sigmoid',
  Tanh: 'Tanh',
  Relu: 'Relu',
  Sin: 'Sin',
  Cos: 'Cos',
  Erf: 'Erf',
  Sign: 'Sign',
  Floor: 'Floor',
  Ceil: 'Ceil',
  Round: 'Round',
  Softplus: 'Softplus',
  LogicalNot: 'Not',
};
for (const [name, op] of Object.entries(UNARY)) kernel(name, ({ x }, _, { graph }) => unary(graph, op, x!));

kernel('Identity', ({ x }) => x!);
kernel('Square', ({ x }, _, { graph }) => binary(graph, 'Mul', x!, x!));
kernel('Rsqrt', ({ x }, _, { graph }) => unary(graph, 'Reciprocal', unary(graph, 'Sqrt', x!)));
kernel('Log1p', ({ x }, _, { graph }) => unary(graph, 'Log', binary(graph, 'Add', x!, graph.float(1))));
kernel('Step', ({ x }, { alpha = 0 }: { alpha?: number }, { graph: g }) => {
  const positive = binary(g, 'Greater', x!, scalarLike(g, x!, 0), 'bool');
  return select(g, positive, scalarLike(g, x!, 1), scalarLike(g, x!, alpha));
});
kernel('LeakyRelu', ({ x }, { alpha }: { alpha: number }, { graph }) =>
  unary(graph, 'LeakyRelu', x!, { alpha }),
);
kernel('ClipByValue', ({ x }, a: { clipValueMin: number; clipValueMax: number }, { graph: g }) =>
  g.op('Clip', [x!, scalarLike(g, x!, a.clipValueMin), scalarLike(g, x!, a.clipValueMax)], {
    dtype: x!.dtype,
    shape: x!.shape,
  }),
);

const BINARY = { Add: 'Add', Sub: 'Sub', Multiply: 'Mul', Pow: 'Pow', Maximum: 'Max', Minimum: 'Min' };
for (const [name, op] of Object.entries(BINARY))
  kernel(name, ({ a, b }, _, { graph }) => binary(graph, op, a!, b!));

kernel(
  'RealDiv',
  ({ a, b }, _, { graph: g }) => binary(g, 'Div', cast(g, a!, 'float32'), cast(g, b!, 'float32')),
  toFloat,
);
kernel('FloorDiv', ({ a, b }, _, { graph: g }) => {
  const quotient = binary(g, 'Div', cast(g, a!, 'float32'), cast(g, b!, 'float32'));
  return cast(g, unary(g, 'Floor', quotient), a!.dtype);
});
kernel('Mod', ({ a, b }, _, { graph: g }) => {
  const whole = unary(g, 'Floor', binary(g, 'Div', a!, b!));
  return binary(g, 'Sub', a!, binary(g, 'Mul', whole, b!));
});
kernel('SquaredDifference', ({ a, b }, _, { graph: g }) => {
  const difference = binary(g, 'Sub', a!, b!);
  return binary(g, 'Mul', difference, difference);
});

const COMPARE = {
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  Equal: 'Equal',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
};
for (const [name, op] of Object.entries(COMPARE)) {
  kernel(name, ({ a, b }, _, { graph }) => binary(graph, op, a!, b!, 'bool'), toBool);
}
kernel(
  'NotEqual',
  ({ a, b }, _, { graph: g }) => unary(g, 'Not', binary(g, 'Equal', a!, b!, 'bool')),
  toBool,
);

kernel(
  'Select',
  ({ condition, t, e }, _, { graph }) => select(graph, condition!, t!, e!),
  ([, t]) => t!.dtype,
);
kernel('AddN', (inputs, _, { graph }) => Object.values(inputs).reduce((a, b) => binary(graph, 'Add', a, b)));

type Typed = { dtype: DataType };
kernel(
  'Cast',
  ({ x }, { dtype }: Typed, { graph }) => cast(graph, x!, dtype as 'float32'),
  (_, a) => a.dtype as DataType,
);
kernel(
  'Fill',
  (_, a: { shape: number[]; value: number; dtype?: DataType }, { graph }) =>
    filled(graph, a.shape, a.value, (a.dtype ?? 'float32') as 'float32'),
  (_, a) => (a.dtype as DataType) ?? 'float32',
);
kernel('ZerosLike', ({ x }, _, { graph }) => filled(graph, x!.shape, 0, x!.dtype));
kernel('OnesLike', ({ x }, _, { graph }) => filled(graph, x!.shape, 1, x!.dtype));

function select(g: Graph, condition: Node, yes: Node, no: Node): Node {
  const shape = broadcast(condition, yes);
  return g.op('Where', [cast(g, condition, 'bool'), yes, no], {
    dtype: yes.dtype,
    shape: shape.length >= no.shape.length ? shape : no.shape,
  });
}
