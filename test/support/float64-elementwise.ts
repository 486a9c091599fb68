/** Rules of float64.ts for operators that look at one element of each input at a time. */
import type { Attributes } from '../../harness/engine/onnx/graph.ts';
import { type Array64, expand } from './float64-arrays.ts';

export interface Call {
  readonly inputs: readonly Array64[];
  readonly attributes: Attributes;
  /** Of the result. */
  readonly shape: readonly number[];
}
export type Rule = (call: Call) => Float64Array | readonly Array64[];

export const ELEMENTWISE: Readonly<Record<string, Rule>> = {
  Neg: map((x) => -x),
  Abs: map(Math.abs),
  Sign: map(Math.sign),
  Reciprocal: map((x) => 1 / x),
  Sqrt: map(Math.sqrt),
  Exp: map(Math.exp),
  Log: map(Math.log),
  Sin: map(Math.sin),
  Cos: map(Math.cos),
  Tanh: map(Math.tanh),
  Erf: map(erf),
  Sigmoid: map((x) => 1 / (1 + Math.exp(-x))),
  QuickGelu: ({ inputs: [x], attributes }) =>
    x!.data.map((v) => v / (1 + Math.exp(-(attributes.alpha as number) * v))),
  Softplus: map((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  Relu: map((x) => Math.max(x, 0)),
  LeakyRelu: ({ inputs: [x], attributes }) =>
    x!.data.map((v) => (v < 0 ? v * ((attributes.alpha as number | undefined) ?? 0.01) : v)),
  Gelu: map((x) => (x / 2) * (1 + erf(x * Math.SQRT1_2))),
  Floor: map(Math.floor),
  Ceil: map(Math.ceil),
  Not: map((x) => 1 - x),
  Cast: map((x) => x),
  Identity: map((x) => x),
  Add: zip((a, b) => a + b),
  Sub: zip((a, b) => a - b),
  Mul: zip((a, b) => a * b),
  Div: zip((a, b) => a / b),
  Pow: zip((a, b) => a ** b),
  Max: zip(Math.max),
  Min: zip(Math.min),
  Equal: zip((a, b) => Number(a === b)),
  Greater: zip((a, b) => Number(a > b)),
  GreaterOrEqual: zip((a, b) => Number(a >= b)),
  Less: zip((a, b) => Number(a < b)),
  LessOrEqual: zip((a, b) => Number(a <= b)),
  Expand: ({ inputs: [x], shape }) => expand(x!, shape),
  Where: ({ inputs, shape }) => {
    const [condition, yes, no] = inputs.map((x) => expand(x, shape)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    return condition.map((c, i) => (c ? yes[i]! : no[i]!));
  },
  Clip: ({ inputs: [x, low, high] }) =>
    x!.data.map((v) => Math.min(Math.max(v, low!.data[0]!), high!.data[0]!)),
};

function map(f: (x: number) => number): Rule {
  return ({ inputs }) => inputs[0]!.data.map((v) => f(v));
}

function zip(f: (a: number, b: number) => number): Rule {
  return ({ inputs: [a, b], shape }) => {
    const right = expand(b!, shape);
    return expand(a!, shape).map((v, i) => f(v, right[i]!));
  };
}

/** Maclaurin series near 0, the continued fraction of erfc far out: 1e-14. */
function erf(x: number): number {
  const a = Math.abs(x);
  if (a < 2.5) {
    let [term, sum] = [a, a];
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n++) {
      term *= -(a * a) / n;
      sum += term / (2 * n + 1);
    }
    return (Math.sign(x) * 2 * sum) / Math.sqrt(Math.PI);
  }
  let fraction = a;
  for (let n = 60; n > 0; n--) fraction = a + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-a * a) / (fraction * Math.sqrt(Math.PI)));
}
