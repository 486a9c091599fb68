import { type Tensor, tf } from '../../../harness/engine/tf.ts';
import { bools, type Case, type Cases, ints, on, real, row, valueOnly } from './define.ts';

const spot = [3, 4];

/** Functions of one number, where they are smooth. */
function unary(run: (x: Tensor) => Tensor, low = -2, high = 2): Case[] {
  return [on('matrix', run, real(spot, low, high)), on('scalar', run, real([], low, high))];
}

/** Functions of two numbers: same shapes, whole numbers, and `broadcasts`. */
function binary(run: (a: Tensor, b: Tensor) => Tensor, low = -2, high = 2): Case[] {
  return [on('same shape', run, real(spot, low, high), real(spot, low, high)), ...broadcasts(run, low, high)];
}

/** tfjs's gradients of these do not sum over the broadcast axes. */
function binaryWithoutBroadcastGradient(run: (a: Tensor, b: Tensor) => Tensor): Case[] {
  return [on('same shape', run, real(spot), real(spot)), ...valueOnly(broadcasts(run, -2, 2))];
}

function broadcasts(run: (a: Tensor, b: Tensor) => Tensor, low: number, high: number): Case[] {
  const float = (shape: number[]) => real(shape, low, high);
  const whole = (shape: number[]) => ints(shape, Math.max(1, Math.ceil(low)), 6);
  return [
    on('scalar left', run, float([]), float(spot)),
    on('scalar right', run, float(spot), float([])),
    on('row and column', run, float([1, 4]), float([3, 1])),
    on('other rank', run, float([2, 3, 4]), float([4])),
    on('int32', run, whole(spot), whole([4])),
    ...valueOnly([on('no elements', run, float([0, 4]), float([1, 4]))]),
  ];
}

/** Comparisons: of floats and whole numbers that tie now and then, and of truth values. */
function compare(run: (a: Tensor, b: Tensor) => Tensor): Case[] {
  return [
    on('float32 with ties', run, row([1, 2, 3, -1]), row([2, 2, 2, -1])),
    on('int32, broadcast', run, ints([3, 4], 0, 2), ints([4], 0, 2)),
    on('bool', run, bools([3, 4]), bools([3, 4])),
  ];
}

function logical(run: (a: Tensor, b: Tensor) => Tensor): Case[] {
  return [
    on('same shape', run, bools([3, 4]), bools([3, 4])),
    on('broadcast', run, bools([3, 1]), bools([4])),
  ];
}

const kinks = row([-1.5, -0.5, 0.5, 1.5, 2.5, 3.2, -3.2]);

export const ELEMENTWISE: Cases = {
  Neg: [...unary(tf.neg), on('int32', tf.neg, ints(spot))],
  Abs: [...unary(tf.abs), on('int32', tf.abs, ints(spot))],
  Sign: [...unary(tf.sign), on('zero', tf.sign, row([-2, 0, 2]))],
  Exp: [...unary(tf.exp), on('int32', tf.exp, ints(spot, -3, 3))],
  Log: unary(tf.log, 0.1, 5),
  Log1p: [
    ...unary(tf.log1p, -0.9, 5),
    on('numbers far below 1', tf.log1p, row([1e-8, -1e-7, 1e-5, 3e-4, 0])),
  ],
  Sqrt: unary(tf.sqrt, 0.1, 5),
  Rsqrt: unary(tf.rsqrt, 0.1, 5),
  Square: [...unary(tf.square), on('int32', tf.square, ints(spot))],
  Reciprocal: unary(tf.reciprocal, 0.2, 3),
  Sin: [...unary(tf.sin, -7, 7), on('large angles', tf.sin, real([8], 0, 1000))],
  Cos: [...unary(tf.cos, -7, 7), on('large angles', tf.cos, real([8], 0, 1000))],
  Tanh: [...unary(tf.tanh), on('saturated', tf.tanh, row([-30, 30]))],
  Sigmoid: [...unary(tf.sigmoid), on('saturated', tf.sigmoid, row([-90, -30, 0.5, 30, 90]))],
  Softplus: [...unary(tf.softplus), on('large', tf.softplus, row([-60, 60]))],
  Erf: unary(tf.erf, -3, 3),
  Relu: [...unary(tf.relu), on('int32', tf.relu, ints(spot))],
  LeakyRelu: [
    ...unary((x) => tf.leakyRelu(x, 0.3)),
    on('whole slope', (x) => tf.leakyRelu(x!, 2), real(spot)),
  ],
  Step: [on('default', (x) => tf.step(x!), real(spot)), on('alpha', (x) => tf.step(x!, 0.25), real(spot))],
  Floor: [on('both signs', tf.floor, kinks)],
  Ceil: [on('both signs', tf.ceil, kinks)],
  Round: [on('halves go to the even number', tf.round, kinks)],
  Identity: [on('float32', tf.clone, real(spot)), on('bool', tf.clone, bools(spot))],
  ZerosLike: [on('float32', tf.zerosLike, real(spot)), on('bool', tf.zerosLike, bools(spot))],
  OnesLike: [on('float32', tf.onesLike, real(spot)), on('int32', tf.onesLike, ints([]))],
  ClipByValue: [
    on('float32', (x) => tf.clipByValue(x!, -0.5, 1), real(spot)),
    on('int32', (x) => tf.clipByValue(x!, -2, 3), ints(spot)),
  ],

  Add: binary(tf.add),
  Sub: binary(tf.sub),
  Multiply: binary(tf.mul),
  // Two whole numbers are FloorDiv's.
  RealDiv: binary(tf.div, 0.5, 3).filter(({ name }) => name !== 'int32'),
  Maximum: binaryWithoutBroadcastGradient(tf.maximum),
  Minimum: binaryWithoutBroadcastGradient(tf.minimum),
  SquaredDifference: binaryWithoutBroadcastGradient(tf.squaredDifference),
  Pow: [...binary(tf.pow, 0.2, 3), on('negative base', tf.pow, row([-2, -0.5, 3]), row([2, 3, -1]))],
  Mod: [
    ...binary(tf.mod, 0.5, 7),
    on('the sign is the divisor’s', tf.mod, row([5.5, -5.5, 5.5, -5.5]), row([3, 3, -3, -3])),
    on('int32, both signs', tf.mod, row([5, -5, 5, -5], 'int32'), row([3, 3, -3, -3], 'int32')),
  ],
  FloorDiv: [
    on('float32', tf.floorDiv, row([5.5, -5.5, 5.5, -5.5]), row([2, 2, -2, -2])),
    on('int32', tf.floorDiv, row([5, -5, 5, -5, 6], 'int32'), row([2, 2, -2, -2, 3], 'int32')),
    on('int32 beyond 2^24', tf.floorDiv, row([16777217, -2000000001], 'int32'), row([1, 1], 'int32')),
  ],
  AddN: [
    on('two', (a, b) => tf.addN([a!, b!]), real(spot), real(spot)),
    on('eleven keep their order', (...all) => tf.addN(all), ...Array.from({ length: 11 }, () => real([3]))),
  ],

  Greater: compare(tf.greater),
  GreaterEqual: compare(tf.greaterEqual),
  Less: compare(tf.less),
  LessEqual: compare(tf.lessEqual),
  Equal: compare(tf.equal),
  NotEqual: compare(tf.notEqual),
  LogicalAnd: logical(tf.logicalAnd),
  LogicalOr: logical(tf.logicalOr),
  LogicalNot: [on('bool', tf.logicalNot, bools(spot))],
  Select: [
    on('same shape', (c, a, b) => tf.where(c!, a!, b!), bools(spot), real(spot), real(spot)),
    on('broadcast', (c, a, b) => tf.where(c!, a!, b!), bools([3, 1]), real([4]), real([])),
    on('int32', (c, a, b) => tf.where(c!, a!, b!), bools(spot), ints(spot), ints(spot)),
    on('float32 or int32', (c, a, b) => tf.where(c!, a!, b!), bools(spot), real(spot), ints(spot)),
  ],

  Cast: [
    on('float32 to int32 cuts off', (x) => tf.cast(x!, 'int32'), kinks),
    on('float32 to bool', (x) => tf.cast(x!, 'bool'), row([0, 0.5, -1])),
    on('int32 to float32', (x) => tf.cast(x!, 'float32'), ints(spot)),
    on('bool to float32', (x) => tf.cast(x!, 'float32'), bools(spot)),
    on('bool to int32', (x) => tf.cast(x!, 'int32'), bools(spot)),
    on('same type', (x) => tf.cast(x!, 'float32'), real(spot)),
  ],
  Fill: [
    on('float32', () => tf.fill([2, 3], 0.5)),
    on('int32', () => tf.fill([2], -3, 'int32')),
    on('scalar', () => tf.fill([], 2)),
    on('no elements', () => tf.fill([0, 3], 1)),
  ],
};
