/**
 * Evaluates recorded graphs in double precision, slowly: an independent answer to what ONNX Runtime computes in single
 * precision, and exact enough for finite differences. It knows the operators of a guided step.
 */
import type { ConstantNode, LiteralNode, Node, OpNode, Program } from '../../harness/engine/onnx/graph.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import { type Array64, broadcastStrides, expand, gather, offsets, stridesOf } from './float64-arrays.ts';
import { convolve, convolveTransposed } from './float64-conv.ts';
import { type Call, ELEMENTWISE, type Rule } from './float64-elementwise.ts';

/** Values of program.outputs. `feeds` gives the data of each of program.feeds. */
export function evaluate(program: Program, feeds: (node: Node) => ArrayLike<number>): Array64[] {
  const values = new Map<Node, readonly Array64[]>();
  const get = (node: Node) =>
    node.kind === 'item' ? values.get(node.of)![node.index]! : values.get(node)![0]!;
  for (const node of program.order) {
    if (node.kind === 'item') continue;
    if (node.kind === 'op') values.set(node, run(node, node.inputs.map(get)));
    else if (node.kind === 'feed')
      values.set(node, [{ shape: node.shape, data: new Float64Array(feeds(node)) }]);
    else if (node.kind === 'call') throw new Error('float64.ts does not run calls');
    else values.set(node, [widened(node)]);
  }
  return program.outputs.map(get);
}

/** Weights and literals, widened once. */
const constants = new WeakMap<Node, Array64>();
function widened(node: ConstantNode | LiteralNode): Array64 {
  let value = constants.get(node);
  if (!value) {
    value = {
      shape: node.shape,
      data: Float64Array.from<bigint | number>('read' in node.data ? node.data.read() : node.data, Number),
    };
    constants.set(node, value);
  }
  return value;
}

function run({ op, attributes, shape, dtype }: OpNode, inputs: readonly Array64[]): readonly Array64[] {
  const rule = RULES[op];
  if (!rule) throw new Error(`float64.ts has no rule for ${op}`);
  const result = rule({ inputs, attributes, shape });
  if (!(result instanceof Float64Array)) return result;
  return [{ shape, data: dtype === 'float16' ? result.map(roundToHalf) : result }];
}

/** The nearest float16. A card adds up a product in float32 and rounds once: so does this, but for the float32. */
function roundToHalf(v: number): number {
  const unit = 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(v)))) - 10);
  const units = v / unit;
  const even = 2 * Math.round(units / 2);
  const rounded = (Math.abs(units - Math.trunc(units)) === 0.5 ? even : Math.round(units)) * unit;
  return v === 0 ? 0 : Math.abs(rounded) > 65504 ? Math.sign(v) * Number.POSITIVE_INFINITY : rounded;
}

const RULES: Readonly<Record<string, Rule>> = {
  ...ELEMENTWISE,
  Reshape: ({ inputs: [x] }) => x!.data,
  Tile: ({ inputs: [x], shape }) => {
    const [from, to] = [stridesOf(x!.shape), stridesOf(shape)];
    const at = (i: number) =>
      from.reduce((sum, s, axis) => sum + (Math.floor(i / to[axis]!) % x!.shape[axis]!) * s, 0);
    return new Float64Array(sizeOf(shape)).map((_, i) => x!.data[at(i)]!);
  },
  Transpose: ({ inputs: [x], attributes, shape }) => {
    const strides = stridesOf(x!.shape);
    return gather(
      x!.data,
      offsets(
        shape,
        (attributes.perm as number[]).map((p) => strides[p]!),
      ),
    );
  },
  Slice: ({ inputs: [x, starts, , , steps], shape }) => {
    const strides = stridesOf(x!.shape);
    const first = strides.reduce((sum, s, i) => sum + s * starts!.data[i]!, 0);
    return gather(x!.data, offsets(shape, strides.map((s, i) => s * steps!.data[i]!), first)); // biome-ignore format: one thought
  },
  Pad: ({ inputs: [x, pads, value], shape }) => {
    const result = new Float64Array(sizeOf(shape)).fill(value!.data[0]!);
    const strides = stridesOf(shape);
    const first = strides.reduce((sum, s, axis) => sum + s * pads!.data[axis]!, 0);
    offsets(x!.shape, strides, first).forEach((to, from) => {
      result[to] = x!.data[from]!;
    });
    return result;
  },
  Concat: ({ inputs, attributes, shape }) => {
    const result = new Float64Array(sizeOf(shape));
    const strides = stridesOf(shape);
    let at = 0;
    for (const part of inputs) {
      offsets(part.shape, strides, at).forEach((to, from) => {
        result[to] = part.data[from]!;
      });
      at += part.shape[attributes.axis as number]! * strides[attributes.axis as number]!;
    }
    return result;
  },
  ReduceSum: ({ inputs, shape }) => reduce(inputs, shape, 0, (a, b) => a + b),
  ReduceMax: ({ inputs, shape }) => reduce(inputs, shape, Number.NEGATIVE_INFINITY, Math.max),
  ReduceMin: ({ inputs, shape }) => reduce(inputs, shape, Number.POSITIVE_INFINITY, Math.min),
  ReduceMean: ({ inputs, shape }) => {
    const count = inputs[0]!.data.length / sizeOf(shape);
    return reduce(inputs, shape, 0, (a, b) => a + b).map((v) => v / count);
  },
  Softmax: ({ inputs: [x] }) =>
    byRow(x!, (row) => {
      const weights = row.map((v) => Math.exp(v - Math.max(...row)));
      const sum = weights.reduce((a, b) => a + b);
      return weights.map((w) => w / sum);
    }),
  LayerNormalization: ({ inputs: [x], attributes }) => {
    const stats: { mean: number; inverseStd: number }[] = [];
    const data = byRow(x!, (row) => {
      const mean = row.reduce((a, b) => a + b) / row.length;
      const variance = row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / row.length;
      const inverseStd = 1 / Math.sqrt(variance + (attributes.epsilon as number));
      stats.push({ mean, inverseStd });
      return row.map((v) => (v - mean) * inverseStd);
    });
    const column = (key: 'mean' | 'inverseStd') => ({
      shape: [stats.length, 1],
      data: Float64Array.from(stats, (s) => s[key]),
    });
    return [{ shape: x!.shape, data }, column('mean'), column('inverseStd')];
  },
  MatMul: matMul,
  FusedMatMul: matMul,
  Gemm: matMul,
  Conv: ({ inputs: [x, w, bias], attributes, shape }) => convolve(x!, w!, bias ?? null, attributes, shape),
  ConvTranspose: ({ inputs: [x, w], attributes, shape }) => convolveTransposed(x!, w!, attributes, shape),
  Resize: ({ inputs: [x], shape }) => {
    const [, , h, w] = x!.shape as [number, number, number, number];
    const [, , height, width] = shape as [number, number, number, number];
    return new Float64Array(sizeOf(shape)).map((_, i) => {
      const [plane, row, column] = [
        Math.floor(i / (height * width)),
        Math.floor(i / width) % height,
        i % width,
      ];
      return x!.data[(plane * h + Math.floor((row * h) / height)) * w + Math.floor((column * w) / width)]!;
    });
  },
  AveragePool: ({ inputs: [x], attributes, shape }) => {
    const [kh, kw] = attributes.kernel_shape as [number, number];
    const [, , h, w] = x!.shape as [number, number, number, number];
    const result = new Float64Array(sizeOf(shape));
    x!.data.forEach((v, i) => {
      const [row, column] = [Math.floor(i / w), i % w];
      const plane = Math.floor(row / h) * (h / kh);
      result[(plane + Math.floor((row % h) / kh)) * (w / kw) + Math.floor(column / kw)]! += v / (kh * kw);
    });
    return result;
  },
};

function matMul({ inputs: [a, b, bias], attributes, shape }: Call): Float64Array {
  const [m, n] = shape.slice(-2) as [number, number];
  const [transA, transB] = [!!attributes.transA, !!attributes.transB];
  const k = a!.shape.at(transA ? -2 : -1)!;
  const batch = shape.slice(0, -2);
  const starts = (x: Array64) => {
    const strides = stridesOf(x.shape).slice(0, -2);
    return offsets(batch, broadcastStrides(x.shape.slice(0, -2), strides, batch.length));
  };
  const [startsA, startsB] = [starts(a!), starts(b!)];
  const [rowA, stepA] = transA ? [1, m] : [k, 1];
  const [columnB, stepB] = transB ? [k, 1] : [1, n];
  const scale = (attributes.alpha as number | undefined) ?? 1;
  const result = bias ? Float64Array.from(expand(bias, shape)) : new Float64Array(sizeOf(shape));
  for (let i = 0; i < result.length; i++) {
    const [matrix, row, column] = [Math.floor(i / (m * n)), Math.floor(i / n) % m, i % n];
    let [p, q] = [startsA[matrix]! + row * rowA, startsB[matrix]! + column * columnB];
    let sum = 0;
    for (let j = 0; j < k; j++, p += stepA, q += stepB) sum += a!.data[p]! * b!.data[q]!;
    result[i]! += scale * sum;
  }
  return result;
}

function reduce(
  [x, axes]: readonly Array64[],
  shape: readonly number[],
  start: number,
  join: (a: number, b: number) => number,
): Float64Array {
  const kept = x!.shape.map((d, i) => (axes!.data.includes(i) ? 1 : d));
  const strides = stridesOf(kept).map((s, i) => (kept[i] === 1 ? 0 : s));
  const result = new Float64Array(sizeOf(shape)).fill(start);
  offsets(x!.shape, strides).forEach((to, from) => {
    result[to] = join(result[to]!, x!.data[from]!);
  });
  return result;
}

/** A function of each row along the last axis. */
function byRow({ shape, data }: Array64, f: (row: Float64Array) => Float64Array): Float64Array {
  const width = shape.at(-1)!;
  const result = new Float64Array(data.length);
  for (let i = 0; i < data.length; i += width) result.set(f(data.subarray(i, i + width)), i);
  return result;
}
