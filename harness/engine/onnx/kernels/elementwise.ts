import { type DataType, tf } from '../../tf.ts';
import type { Graph, Node } from '../graph.ts';
import { binary, cast, filled, kernel, scalarLike, toBool, toFloat, toInt, unary } from './define.ts';

const UNARY = {
  Neg: 'Neg',
  Abs: 'Abs',
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
// The one of them that tfjs also takes of whole numbers.
kernel('Exp', ({ x }, _, { graph }) => unary(graph, 'Exp', cast(graph, x!, 'float32')), toFloat);
kernel('Square', ({ x }, _, { graph }) => binary(graph, 'Mul', x!, x!));
kernel('Rsqrt', ({ x }, _, { graph }) => unary(graph, 'Reciprocal', unary(graph, 'Sqrt', x!)));
// log(u) x / (u - 1) with u = 1 + x as rounded: exact to rounding for small x too, where log(u) alone is not.
kernel('Log1p', ({ x }, _, { graph: g }) => {
  const u = binary(g, 'Add', x!, g.float(1));
  const rest = binary(g, 'Sub', u, g.float(1));
  const value = binary(g, 'Mul', unary(g, 'Log', u), binary(g, 'Div', x!, rest));
  return select(g, binary(g, 'Equal', rest, g.float(0), 'bool'), x!, value);
});
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
kernel(
  'FloorDiv',
  ({ a, b }, _, { graph: g }) => {
    // Whole numbers stay whole: float32 has not all of them.
    if (a!.dtype === 'int32') return binary(g, 'Div', binary(g, 'Sub', a!, binary(g, 'Mod', a!, b!)), b!);
    return cast(g, unary(g, 'Floor', binary(g, 'Div', a!, b!)), 'int32');
  },
  toInt,
);
kernel('Mod', ({ a, b }, _, { graph: g }) => {
  if (a!.dtype === 'int32') return binary(g, 'Mod', a!, b!);
  const whole = unary(g, 'Floor', binary(g, 'Div', a!, b!));
  return binary(g, 'Sub', a!, binary(g, 'Mul', whole, b!));
});
kernel('SquaredDifference', ({ a, b }, _, { graph: g }) => {
  const difference = binary(g, 'Sub', a!, b!);
  return binary(g, 'Mul', difference, difference);
});

const ORDER = { Greater: 'Greater', GreaterEqual: 'GreaterOrEqual', Less: 'Less', LessEqual: 'LessOrEqual' };
for (const [name, op] of Object.entries(ORDER)) {
  // ONNX orders numbers only.
  const number = (g: Graph, x: Node) => (x.dtype === 'bool' ? cast(g, x, 'int32') : x);
  kernel(name, ({ a, b }, _, { graph: g }) => binary(g, op, number(g, a!), number(g, b!), 'bool'), toBool);
}
const COMPARE = {
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
  ({ condition, t, e }, _, { graph: g }) => {
    const dtype = tf.upcastType(t!.dtype as DataType, e!.dtype as DataType) as 'float32';
    return select(g, condition!, cast(g, t!, dtype), cast(g, e!, dtype));
  },
  ([, t, e]) => tf.upcastType(t!.dtype, e!.dtype),
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

/** `yes` or `no`, each of the condition's shape or a scalar. */
function select(g: Graph, condition: Node, yes: Node, no: Node): Node {
  return g.op('Where', [condition, yes, no], { dtype: yes.dtype, shape: condition.shape });
}
