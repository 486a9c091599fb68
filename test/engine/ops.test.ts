import { beforeAll, describe, expect, it } from 'vitest';
import { type Compile, compileEager } from '../../harness/engine/compile.ts';
import { openDevice } from '../../harness/engine/device.ts';
import { programOf } from '../../harness/engine/onnx/graph.ts';
import { useOnnxBackend } from '../../harness/engine/onnx/register.ts';
import {
  attention,
  type Conv2dOptions,
  conv2d,
  gelu,
  groupNorm,
  groupNormSilu,
  layerNorm,
  linear,
  quickGelu,
  silu,
  upsampleNearest,
} from '../../harness/engine/ops.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { REFERENCE, TESTED_DEVICES, useDevice } from '../support/device.ts';
import { fixing, type Host, on, real } from './cases/define.ts';
import type { Case } from './cases.ts';
import { answer, expectClose, weights } from './conformance.ts';
import { convolution, normalised } from './double-loops.ts';
import { gapsOf } from './gaps.ts';

const convolved = (options?: Conv2dOptions) => (x?: Tensor, w?: Tensor, bias?: Tensor) =>
  conv2d(x!, w!, bias ?? null, options);
const upsampled = (height: number, width: number) => (x?: Tensor) => upsampleNearest(x!, [height, width]);
const attended = (q?: Tensor, k?: Tensor, v?: Tensor, bias?: Tensor) =>
  attention(q!, k!, v!, 0.4, bias ?? null);

/** The weight is argument 1 in each. A weight of 4 MiB or more takes the path that never copies it. */
const CONVOLUTIONS: readonly Case[] = [
  on('conv2d 3x3', convolved({ padding: 1 }), real([2, 3, 6, 5]), real([4, 3, 3, 3]), real([4])),
  on('conv2d 3x3, no bias, no padding', convolved(), real([1, 3, 6, 5]), real([4, 3, 3, 3])),
  on('conv2d 1x1', convolved(), real([2, 3, 4, 4]), real([5, 3, 1, 1]), real([5])),
  on('conv2d 2x2', convolved({ padding: [0, 1, 1, 0] }), real([1, 2, 5, 4]), real([3, 2, 2, 2])),
  on('conv2d 4x2', convolved({ padding: [2, 1, 0, 1] }), real([1, 2, 5, 4]), real([3, 2, 4, 2])),
  on('conv2d 3x3, stride 2', convolved({ stride: 2, padding: 1 }), real([2, 3, 8, 6]), real([4, 3, 3, 3])),
  on(
    'conv2d 3x3, stride 2, odd sizes',
    convolved({ stride: 2, padding: 1 }),
    real([1, 3, 7, 5]),
    real([4, 3, 3, 3]),
  ),
  on(
    'conv2d 3x3, stride 2, padded as the autoencoder does',
    convolved({ stride: 2, padding: [0, 1, 0, 1] }),
    real([1, 3, 8, 6]),
    real([4, 3, 3, 3]),
  ),
  on(
    'conv2d 3x3, large weight',
    convolved({ padding: 1 }),
    real([1, 344, 3, 3]),
    real([344, 344, 3, 3]),
    real([344]),
  ),
  on('conv2d 1x1, large weight', convolved(), real([1, 1024, 2, 2]), real([1024, 1024, 1, 1]), real([1024])),
];

const OTHERS: readonly Case[] = [
  on(
    'groupNormSilu',
    (x, g, b) => groupNormSilu(x!, 2, g!, b!, 1e-5),
    real([2, 6, 3, 4]),
    real([6]),
    real([6]),
  ),
  on('groupNorm', (x, g, b) => groupNorm(x!, 2, g!, b!, 1e-5), real([2, 6, 3, 4]), real([6]), real([6])),
  on(
    'groupNorm, a group each',
    (x, g, b) => groupNorm(x!, 4, g!, b!, 1e-6),
    real([1, 4, 5, 5]),
    real([4]),
    real([4]),
  ),
  on(
    'groupNorm, one group',
    (x, g, b) => groupNorm(x!, 1, g!, b!, 1e-6),
    real([2, 4, 2, 2]),
    real([4]),
    real([4]),
  ),
  on(
    'groupNorm of tokens',
    (x, g, b) => groupNorm(x!, 2, g!, b!, 1e-5),
    real([2, 4, 7]),
    real([4]),
    real([4]),
  ),
  on('layerNorm', (x, g, b) => layerNorm(x!, g!, b!, 1e-5), real([2, 3, 8]), real([8]), real([8])),
  on('silu', (x) => silu(x!), real([3, 4], -8, 8)),
  on('gelu', (x) => gelu(x!), real([3, 4], -4, 4)),
  on('quickGelu', (x) => quickGelu(x!), real([3, 4], -4, 4)),
  on('attention', attended, real([2, 3, 5, 4]), real([2, 3, 7, 4]), real([2, 3, 7, 4])),
  on(
    'attention with a bias',
    attended,
    real([2, 2, 5, 4]),
    real([2, 2, 5, 4]),
    real([2, 2, 5, 4]),
    real([5, 5]),
  ),
  on('attention, one head, one image', attended, real([1, 1, 4, 6]), real([1, 1, 3, 6]), real([1, 1, 3, 6])),
  on('linear', (x, w, b) => linear(x!, w!, b!), real([2, 3, 4]), real([5, 4]), real([5])),
  on('linear of a matrix, no bias', (x, w) => linear(x!, w!, null), real([3, 4]), real([5, 4])),
  on('upsampleNearest, twice', upsampled(6, 4), real([2, 3, 3, 2])),
];

/** Not by a whole factor, or not by the same both ways. */
const GATHERED: readonly Case[] = [
  on('upsampleNearest, 4x5 to 7x9', upsampled(7, 9), real([1, 2, 4, 5])),
  on('upsampleNearest, 3x3 to 6x9', upsampled(6, 9), real([1, 2, 3, 3])),
];

async function reference(testCase: Case) {
  await tf.setBackend('cpu');
  return answer(compileEager, testCase, true);
}

describe.each(TESTED_DEVICES)('network operators on %s: values and gradients of plain tfjs', (device) => {
  const { tolerance, lacks, lacksGradient } = gapsOf(device);
  // wasm has no weight gradient of a convolution; without it the input gradient remains.
  const convolutions = lacksGradient.includes('Conv2dNchw')
    ? CONVOLUTIONS.map((c) => fixing(c, [1]))
    : CONVOLUTIONS;
  let compile: Compile;
  let backend: string;
  beforeAll(async () => {
    ({ compile } = await openDevice(device));
    backend = tf.getBackend();
  });

  it.each([...convolutions, ...OTHERS])('$name', async (testCase) => {
    const expected = await reference(testCase);
    await tf.setBackend(backend);
    const actual = await answer(compile, testCase, true);
    expectClose(actual.values, expected.values, tolerance);
    expectClose(actual.gradients, expected.gradients, tolerance);
  });

  it.each(GATHERED)('$name, gathered', async (testCase) => {
    const expected = await reference(testCase);
    await tf.setBackend(backend);
    expectClose((await answer(compile, testCase, false)).values, expected.values, tolerance);
    const actual = answer(compile, testCase, true);
    if (lacks.includes('UnsortedSegmentSum')) await expect(actual).rejects.toThrow('UnsortedSegmentSum');
    else expectClose((await actual).gradients, expected.gradients, tolerance);
  });
});

describe('the input gradient of a convolution', () => {
  it.each([
    ['small, stride 1', [8, 8, 3, 3], 1, ['Slice', 'Transpose', 'Conv']],
    ['small, 1x1', [8, 8, 1, 1], 1, ['Transpose', 'Conv']],
    ['small, stride 2', [8, 8, 3, 3], 2, ['ConvTranspose']],
    ['4 MiB', [1024, 1024, 1, 1], 1, ['ConvTranspose']],
    ['4 MiB and as many pixels', [344, 344, 3, 3], 1, ['Slice', 'Transpose', 'Conv', 'Slice'], 32],
  ])('%s: runs as %4$s', async (_, [o, c, kh, kw], stride, operators, side = 4) => {
    const backend = await useOnnxBackend({ threads: 1, provider: 'cpu', capacity: 1 });
    const w = backend.constant(new Float32Array(o! * c! * kh! * kw!), [o!, c!, kh!, kw!]);
    const padding = (kh! - 1) / 2;
    const f = (x: Tensor) => conv2d(x, w, null, { stride, padding });
    const gradient = tf.grad(f)(tf.ones([1, c!, side, side]), tf.ones([1, o!, side / stride, side / stride]));
    const { order } = programOf([backend.node(gradient)]);
    expect(order.flatMap((node) => (node.kind === 'op' ? [node.op] : []))).toEqual(operators);
  });
});

describe('conv2d, groupNorm and silu against plain loops in double precision', () => {
  const shape = { x: [2, 3, 4, 4], w: [4, 3, 3, 3], b: [4], gamma: [4], beta: [4] };
  const args: readonly Host[] = [
    real(shape.x),
    real(shape.w, -0.5, 0.5),
    real(shape.b),
    real(shape.gamma, 0.5, 1.5),
    real(shape.beta),
  ];
  const composed = (x?: Tensor, w?: Tensor, b?: Tensor, gamma?: Tensor, beta?: Tensor) =>
    silu(groupNorm(conv2d(x!, w!, b!, { padding: 1 }), 2, gamma!, beta!, 1e-5));

  /** The same in loops. */
  function loops([x, w, b, gamma, beta]: readonly ArrayLike<number>[]): number[] {
    const h = convolution(x!, w!, b!, { batch: 2, inputs: 3, outputs: 4, size: 4, kernel: 3 });
    const y = normalised(h, gamma!, beta!, { batch: 2, channels: 4, groups: 2, plane: 16, eps: 1e-5 });
    return y.map((v) => v / (1 + Math.exp(-v)));
  }

  /** Central differences of the weighted sum, in every element of one argument. */
  function differences(which: number): number[] {
    const h = 1e-5;
    const direction = weights(2 * 4 * 4 * 4, 0);
    const at = (element: number, step: number) => {
      const moved = args.map(({ data }, i) =>
        i === which ? data.with(element, data[element]! + step) : data,
      );
      return loops(moved).reduce((sum, v, i) => sum + v * direction[i]!, 0);
    };
    return args[which]!.data.map((_, i) => (at(i, h) - at(i, -h)) / (2 * h));
  }

  it.each([REFERENCE, ...TESTED_DEVICES])('on %s', async (name) => {
    const { compile } = await useDevice(name);
    const { tolerance, lacksGradient } = gapsOf(name);
    const fixed = lacksGradient.includes('Conv2dNchw') ? [1] : [];
    const testCase = fixing(on(name, composed, ...args), fixed);
    const { values, gradients } = await answer(compile, testCase, true);
    const value: Host = { dtype: 'float32', shape: [2, 4, 4, 4], data: loops(args.map(({ data }) => data)) };
    expectClose(values, [value], tolerance);
    const expected = args
      .map((arg, i) => ({ ...arg, data: differences(i) }))
      .filter((_, i) => !fixed.includes(i));
    expectClose(gradients, expected, tolerance);
  });
});

describe('the gradient of groupNormSilu', () => {
  it.each([
    ['keeps the sigmoid of a small map', 8, false],
    ['computes the sigmoid of 4 MiB again once the gradient of the result is there', 182, true],
  ])('%s', async (_, side, waits) => {
    const backend = await useOnnxBackend({ threads: 1, provider: 'cpu', capacity: 1 });
    const [gamma, beta, dy] = [tf.ones([32]), tf.zeros([32]), tf.ones([1, 32, side, side])];
    const gradient = tf.grad((x: Tensor) => groupNormSilu(x, 4, gamma, beta, 1e-5))(tf.ones(dy.shape), dy);
    const sigmoids = programOf([backend.node(gradient)]).order.filter(
      (node) => node.kind === 'op' && node.op === 'Sigmoid',
    );
    expect(sigmoids).toHaveLength(1);
    expect(programOf(sigmoids).order.includes(backend.node(dy))).toBe(waits);
  });

  it('of 4 MiB is that of the same map in parts', async () => {
    const { compile } = await useDevice(TESTED_DEVICES[0]!);
    const [channels, side] = [32, 182];
    const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
    const maps = { x: random([2, channels, side, side], 1), dy: random([2, channels, side, side], 2) };
    const gamma = random([channels], 3);
    const beta = random([channels], 4);
    const gradient = compile(({ x, dy, gamma, beta }: Record<'x' | 'dy' | 'gamma' | 'beta', Tensor>) =>
      tf.grad((x: Tensor) => groupNormSilu(x, channels, gamma, beta, 1e-5))(x, dy),
    );
    const whole = await gradient({ ...maps, gamma, beta });
    // Each channel is a group, so that a few of them are a case of their own, of less than 4 MiB.
    for (const first of [0, 24]) {
      const some = (map: Tensor) => tf.slice(map, [1, first], [1, 8]);
      const given = { gamma: tf.slice(gamma, first, 8), beta: tf.slice(beta, first, 8) };
      const small = compile(({ x, dy, gamma, beta }: Record<'x' | 'dy' | 'gamma' | 'beta', Tensor>) =>
        tf.grad((x: Tensor) => groupNormSilu(x, 8, gamma, beta, 1e-5))(x, dy),
      );
      const part = await small({ x: some(maps.x), dy: some(maps.dy), ...given });
      const difference = await tf.max(tf.abs(tf.sub(some(whole), part))).data();
      expect(difference[0]).toBeLessThan(1e-5);
    }
  });
});
