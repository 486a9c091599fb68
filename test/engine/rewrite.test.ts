/** Rewriting of traced graphs: fewer operators, the same values. Values are compared in double precision. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { OnnxBackend } from '../../harness/engine/onnx/backend.ts';
import { type Node, programOf } from '../../harness/engine/onnx/graph.ts';
import { useOnnxBackend } from '../../harness/engine/onnx/register.ts';
import { simplified } from '../../harness/engine/onnx/rewrite/index.ts';
import { attention, conv2d, layerNorm, linear, upsampleNearest } from '../../harness/engine/ops.ts';
import { normals } from '../../harness/engine/random.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { evaluate } from '../support/float64.ts';

let backend: OnnxBackend;
beforeAll(async () => {
  backend = await useOnnxBackend({ threads: 1, provider: 'cpu', capacity: 4 });
});

let draws = 0;
const values = (shape: readonly number[]) =>
  normals({ seed: 1, role: 'sample', image: 'rewrite', draw: draws++ }, sizeOf(shape));
const feed = (...shape: number[]) => tf.tensor(values(shape), shape);
const weight = (...shape: number[]) => backend.constant(values(shape), shape);

/** How often each operator runs: what is made of weights alone is made once. */
function counts(outputs: readonly Node[]): Record<string, number> {
  const found: Record<string, number> = {};
  const fixed = new Set<Node>();
  for (const node of programOf(outputs).order) {
    if (node.kind === 'constant' || node.kind === 'literal') fixed.add(node);
    if (node.kind !== 'op') continue;
    if (node.inputs.every((input) => fixed.has(input))) fixed.add(node);
    else found[node.op] = (found[node.op] ?? 0) + 1;
  }
  return found;
}

/** The operators of the rewritten graph, whose values are shown to be those of the recorded one. */
function rewritten(...tensors: Tensor[]): Record<string, number> {
  const before = tensors.map((tensor) => backend.node(tensor));
  const after = simplified(before, 'cpu');
  const [expected, found] = [before, after].map((outputs) =>
    evaluate(programOf(outputs), (node) => backend.feedData(node as never).data),
  ) as [ReturnType<typeof evaluate>, ReturnType<typeof evaluate>];
  for (const [i, { shape, data }] of expected.entries()) {
    expect(found[i]!.shape).toEqual(shape);
    const size = Math.hypot(...data);
    expect(Math.hypot(...data.map((v, j) => v - found[i]!.data[j]!)) / size).toBeLessThan(1e-12);
  }
  return counts(after);
}

describe('reshapes', () => {
  it('of rows move through what is done to each element, and vanish where another undoes them', () => {
    const [x, b] = [feed(2, 5, 4), feed(4)];
    const h = tf.tanh(tf.mul(linear(x, weight(3, 4), weight(3)), 2));
    expect(rewritten(linear(h, weight(4, 3), b))).toEqual({ Gemm: 2, Mul: 1, Tanh: 1, Reshape: 2 });
  });

  it('of both operands become one', () => {
    const rows = [feed(10, 4), feed(10, 4)] as const;
    const [a, b] = rows.map((x) => tf.reshape(tf.exp(x), [2, 5, 4])) as [Tensor, Tensor];
    expect(rewritten(tf.sub(a, b)).Reshape).toBe(1);
  });

  it('stay where an operand differs from row to row', () => {
    const x = tf.reshape(tf.exp(feed(10, 4)), [2, 5, 4]);
    expect(rewritten(tf.mul(x, feed(2, 1, 4)), tf.mul(x, feed(2, 5, 1)))).toMatchObject({
      Reshape: 1,
      Mul: 2,
    });
  });

  it('stay where rows are cut anew', () => {
    const x = tf.reshape(tf.exp(feed(2, 6)), [2, 3, 2]);
    expect(rewritten(tf.sum(tf.mul(x, tf.exp(feed(2, 3, 2))), -1))).toMatchObject({ Reshape: 1, Mul: 1 });
  });

  it('of single numbers that are kept as arrays', () => {
    const x = tf.reshape(tf.exp(feed(6, 2)), [1, 1, 1, 6, 2]);
    expect(rewritten(tf.mul(x, feed(1, 1, 1, 1)))).toMatchObject({ Mul: 1 });
  });
});

describe('sums with a product', () => {
  it('are part of it: a bias, a residual, the other product', () => {
    const x = feed(5, 4);
    expect(rewritten(linear(x, weight(3, 4), weight(3)))).toEqual({ Gemm: 1 });
    expect(rewritten(tf.add(feed(5, 3), tf.matMul(x, weight(4, 3))))).toEqual({ Gemm: 1 });
    const sum = tf.add(tf.matMul(x, weight(4, 3)), tf.matMul(x, weight(4, 3)));
    expect(rewritten(sum)).toEqual({ Gemm: 2 });
  });

  it('are not where something else asks for the product', () => {
    const product = tf.matMul(feed(5, 4), weight(4, 3));
    expect(rewritten(tf.add(product, feed(3)), tf.exp(product))).toEqual({ Gemm: 1, Add: 1, Exp: 1 });
    expect(rewritten(tf.add(product, feed(3)), product)).toEqual({ Gemm: 1, Add: 1 });
    expect(rewritten(tf.add(product, product))).toEqual({ Gemm: 1, Add: 1 });
  });

  it('are not where the addend makes the result larger, or is one a row', () => {
    const product = () => tf.matMul(feed(5, 4), weight(4, 3));
    expect(rewritten(tf.add(product(), feed(2, 5, 3)))).toEqual({ Gemm: 1, Add: 1 });
    expect(rewritten(tf.add(product(), feed(5, 1)))).toEqual({ Gemm: 1, Add: 1 });
  });
});

it('a transformer block of tokens has no reshape between its layers', () => {
  const x = feed(2, 5, 4);
  const normed = layerNorm(x, weight(4), weight(4), 1e-5);
  const h = tf.add(x, linear(tf.relu(linear(normed, weight(8, 4), weight(8))), weight(4, 8), weight(4)));
  const found = rewritten(layerNorm(h, weight(4), weight(4), 1e-5));
  expect(found).toEqual({ LayerNormalization: 2, Mul: 1, Add: 2, Gemm: 2, Relu: 1, Reshape: 2 });
});

describe('a layer norm of tokens', () => {
  const slope = (f: (x: Tensor) => Tensor, x: Tensor) => tf.grad((x) => tf.sum(tf.square(f(x))))(x);
  const between = () => {
    const [gamma, beta, w, v, bias] = [weight(4), weight(4), weight(3, 4), weight(3, 4), weight(3)];
    return (x: Tensor) => {
      const tokens = layerNorm(x, gamma, beta, 1e-5);
      return tf.mul(linear(tokens, w, bias), linear(tokens, v, null));
    };
  };

  it('leaves scale and shift to the weights of the products after it', () => {
    expect(rewritten(between()(feed(5, 4)))).toEqual({ LayerNormalization: 1, Gemm: 2, Mul: 1 });
  });

  it('in its gradient, the mean too', () => {
    const found = rewritten(slope(between(), feed(2, 5, 4)));
    expect(found).toMatchObject({ LayerNormalization: 1, Gemm: 4, ReduceMean: 1, Sub: 1 });
  });

  it('keeps them where a weight is an argument', () => {
    const [gamma, beta, w] = [weight(4), weight(4), feed(3, 4)];
    const f = (x: Tensor) => linear(layerNorm(x, gamma, beta, 1e-5), w, null);
    expect(rewritten(f(feed(5, 4)))).toMatchObject({ Mul: 1, Add: 1 });
    expect(rewritten(slope(f, feed(5, 4)))).toMatchObject({ ReduceMean: 2, Sub: 2 });
  });

  it('keeps them where something else asks for the product', () => {
    const [product, gamma] = [tf.matMul(feed(5, 3), weight(3, 4)), weight(4)];
    expect(rewritten(tf.mul(product, gamma), tf.exp(product))).toMatchObject({ Gemm: 1, Mul: 1 });
    const centred = tf.sub(product, tf.mean(product, 1, true));
    expect(rewritten(centred, tf.exp(product))).toMatchObject({ Gemm: 1, Sub: 1 });
    expect(rewritten(centred, tf.mean(product, 1, true))).toMatchObject({ Gemm: 1, Sub: 1 });
    expect(rewritten(tf.sub(product, tf.mean(product, 0, true)))).toMatchObject({ Gemm: 1, Sub: 1 });
  });

  it('keeps a scale that makes more columns of one', () => {
    expect(rewritten(tf.mul(tf.matMul(feed(5, 3), weight(3, 1)), weight(4)))).toEqual({ Gemm: 1, Mul: 1 });
  });

  it('keeps a shift that is not one a column, and what widens the tokens', () => {
    const w = weight(3, 4);
    for (const shift of [weight(5, 4), weight(1)])
      expect(rewritten(linear(layerNorm(feed(5, 4), weight(4), shift, 1e-5), w, null))).toHaveProperty('Add');
    expect(rewritten(linear(layerNorm(feed(5, 1), weight(4), weight(4), 1e-5), w, null))).toHaveProperty(
      'Add',
    );
  });

  it('keeps them where the tokens are not standardised', () => {
    const tokens = tf.add(tf.mul(tf.tanh(feed(5, 4)), weight(4)), weight(4));
    expect(rewritten(linear(tokens, weight(3, 4), null))).toMatchObject({ Mul: 1, Add: 1, Gemm: 1 });
  });
});

describe('a scale of channels', () => {
  const scale = () => tf.reshape(weight(3), [1, 3, 1, 1]);
  const convolved = () => conv2d(tf.tanh(feed(1, 2, 4, 4)), weight(3, 2, 3, 3), null, { padding: 1 });
  /** The operators that use a convolution's result. */
  const nextTo = (tensor: Tensor) => {
    const { order } = programOf(simplified([backend.node(tensor)], 'cpu'));
    return order.flatMap((node) =>
      node.kind === 'op' && node.inputs.some((x) => x.kind === 'op' && x.op === 'Conv')
        ? node.inputs.map((x) => (x.kind === 'op' ? x.op : x.kind))
        : [],
    );
  };

  it('is moved past other factors to the convolution, whose weights can take it up', () => {
    const slope = tf.tanh(feed(1, 3, 4, 4));
    for (const product of [tf.mul(convolved(), slope), tf.mul(slope, convolved())]) {
      const scaled = tf.mul(product, scale());
      expect(rewritten(scaled)).toMatchObject({ Conv: 1, Mul: 2 });
      expect(nextTo(scaled)).toEqual(['Conv', 'Reshape']);
    }
  });

  it('is not where the convolution, or the product without the scale, is asked for too', () => {
    const slope = tf.tanh(feed(1, 3, 4, 4));
    const h = convolved();
    const product = tf.mul(h, slope);
    expect(nextTo(tf.add(tf.mul(product, scale()), h))).not.toContain('Reshape');
    const alone = tf.mul(convolved(), slope);
    expect(nextTo(tf.add(tf.mul(alone, scale()), alone))).not.toContain('Reshape');
    expect(rewritten(tf.add(tf.mul(product, scale()), product))).toMatchObject({ Conv: 1, Mul: 2 });
  });
});

describe('products are turned round instead of transposed', () => {
  const HEADS = 2;
  const heads = (x: Tensor) =>
    tf.transpose(tf.reshape(x, [x.shape[0]!, x.shape[1]!, HEADS, -1]), [0, 2, 1, 3]);
  const merged = (x: Tensor) =>
    tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [x.shape[0]!, x.shape[2]!, HEADS * x.shape[3]!]);
  let w: Tensor[];
  beforeAll(() => {
    w = Array.from({ length: 4 }, () => weight(6, 6));
  });
  const selfAttention = (x: Tensor) => {
    const [q, k, v] = w.map((matrix) => heads(linear(x, matrix, null))) as [Tensor, Tensor, Tensor];
    return linear(merged(attention(q, k, v, 0.5)), w[3]!, null);
  };
  const tokensOf = (map: Tensor) => tf.transpose(tf.reshape(map, [map.shape[0]!, 6, 20]), [0, 2, 1]);
  const mapOf = (tokens: Tensor) => tf.reshape(tf.transpose(tokens, [0, 2, 1]), [tokens.shape[0]!, 6, 4, 5]);
  const slopeOf = (f: (x: Tensor) => Tensor, x: Tensor) => tf.grad((x) => tf.sum(tf.square(f(x))))(x);

  it('in attention, and in its gradient', () => {
    const x = tf.tanh(feed(1, 5, 6));
    expect(rewritten(selfAttention(x))).not.toHaveProperty('Transpose');
    expect(rewritten(slopeOf(selfAttention, x))).not.toHaveProperty('Transpose');
  });

  it('between maps and tokens, biases and residuals included', () => {
    const bias = weight(6);
    const project = (map: Tensor) => mapOf(linear(tokensOf(map), w[0]!, bias));
    const x = tf.tanh(feed(1, 6, 4, 5));
    expect(rewritten(project(x))).not.toHaveProperty('Transpose');
    const both = (map: Tensor) =>
      mapOf(tf.add(linear(tokensOf(map), w[0]!, bias), linear(tokensOf(map), w[1]!, null)));
    expect(rewritten(both(x), slopeOf(both, x))).not.toHaveProperty('Transpose');
  });

  it('for one image only', () => {
    expect(rewritten(selfAttention(tf.tanh(feed(2, 5, 6)))).Transpose).toBe(4);
  });

  it('not where heads are asked for as they are', () => {
    const x = tf.tanh(feed(1, 5, 6));
    const [q, k] = [0, 1].map((i) => heads(linear(x, w[i]!, null))) as [Tensor, Tensor];
    const scores = tf.matMul(q, k, false, true);
    expect(rewritten(scores, q).Transpose).toBe(1);
    expect(rewritten(scores, tf.exp(k)).Transpose).toBe(1);
  });

  it('not where they are of whole numbers', () => {
    const x = tf.tensor(Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [1, 2, 2, 2], 'int32');
    expect(rewritten(tf.sum(tf.matMul(x, x), -1, true))).toEqual({ MatMul: 1, ReduceSum: 1 });
  });

  it('not on devices that would transpose all the same', () => {
    const before = [backend.node(selfAttention(tf.tanh(feed(1, 5, 6))))];
    expect(counts(simplified(before, 'webgpu')).Transpose).toBe(4);
  });
});

describe('the gradient of a convolution after upsampling', () => {
  const slope = (f: (x: Tensor) => Tensor, x: Tensor) => tf.grad((x) => tf.sum(tf.square(f(x))))(x);

  it('is one strided convolution', () => {
    const w = weight(3, 2, 3, 3);
    const up = (x: Tensor) => conv2d(upsampleNearest(x, [8, 12]), w, null, { padding: 1 });
    const found = rewritten(slope(up, feed(2, 2, 4, 6)));
    expect(found).toMatchObject({ Conv: 2 });
    expect(found).not.toHaveProperty('AveragePool');
  });

  it('is that of the same picture made by tiling', () => {
    const [x, w] = [feed(2, 2, 4, 6), weight(3, 2, 3, 3)];
    const tiled = (x: Tensor) =>
      tf.reshape(tf.tile(tf.reshape(x, [2 * 2 * 4, 1, 6, 1]), [1, 3, 1, 3]), [2, 2, 12, 18]);
    const gradientWhere = (up: (x: Tensor) => Tensor): Float64Array => {
      const gradient = slope((x) => conv2d(up(x), w, null, { padding: [2, 0, 1, 1] }), x);
      const program = programOf([backend.node(gradient)]);
      return evaluate(program, (node) => backend.feedData(node as never).data)[0]!.data;
    };
    const found = gradientWhere((x) => upsampleNearest(x, [12, 18]));
    const expected = gradientWhere(tiled);
    const furthest = Math.max(...expected.map((v, i) => Math.abs(v - found[i]!)));
    expect(furthest).toBeLessThan(1e-12 * Math.hypot(...expected));
  });

  it('is not where its kernel would need as many products', () => {
    const w = weight(3, 2, 1, 1);
    const up = (x: Tensor) => conv2d(upsampleNearest(x, [8, 12]), w, null);
    expect(rewritten(slope(up, feed(2, 2, 4, 6)))).toMatchObject({ Conv: 2, AveragePool: 1 });
  });
});
