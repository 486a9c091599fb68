/**
 * The float16 form of graphs, on ONNX Runtime's CPU provider. It rounds weights and what is moved, but leaves out casts
 * that lie between its float32 kernels, so it shows less than a card will: see docs/gpu-and-cluster.md.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { border } from '../../harness/engine/border.ts';
import type { Compile } from '../../harness/engine/compile.ts';
import type { OnnxBackend } from '../../harness/engine/onnx/backend.ts';
import { compilerFor } from '../../harness/engine/onnx/compile.ts';
import { type OpNode, programOf } from '../../harness/engine/onnx/graph.ts';
import { inHalfPrecision } from '../../harness/engine/onnx/half-precision.ts';
import { useOnnxBackend } from '../../harness/engine/onnx/register.ts';
import { attention, conv2d, groupNorm, linear, silu } from '../../harness/engine/ops.ts';
import { sizeOf } from '../../harness/engine/shape.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import { unetConfigSchema } from '../../harness/networks/unet-config.ts';
import { unet2dCondition, unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import { distance } from '../support/fixture.ts';
import { FixtureFile, fixtureParams, readManifest } from '../support/network-fixtures.ts';
import { valueAndVjp } from '../support/vjp.ts';

let backend: OnnxBackend;
let compile: Compile;
beforeAll(async () => {
  backend = await useOnnxBackend({ threads: 1, provider: 'cpu', capacity: 4 });
  compile = compilerFor(backend, true);
});

/** Operators of the half-precision form of a tensor's graph, with what they give. */
function operators(tensor: Tensor): Map<string, Set<string>> {
  const { order } = programOf(inHalfPrecision([backend.node(tensor)]));
  const found = new Map<string, Set<string>>();
  for (const { op, dtype } of order.filter((node): node is OpNode => node.kind === 'op'))
    found.set(op, (found.get(op) ?? new Set()).add(dtype));
  return found;
}

const image = () => tf.ones([1, 4, 6, 6]);
const weight = (...shape: number[]) => backend.constant(new Float32Array(sizeOf(shape)).fill(0.1), shape);

describe('what computes in float16', () => {
  it('convolutions, and what only moves or joins their results', () => {
    const h = conv2d(image(), weight(4, 4, 3, 3), weight(4), { padding: 1 });
    const x = tf.add(tf.transpose(h, [0, 1, 3, 2]), h);
    const found = operators(tf.mul(x, tf.sigmoid(x)));
    for (const op of ['Conv', 'Transpose', 'Add', 'Sigmoid', 'Mul'])
      expect([op, ...found.get(op)!]).toEqual([op, 'float16']);
  });

  it('products of attention, not its softmax', () => {
    const tokens = tf.reshape(linear(tf.ones([1, 8, 6]), weight(6, 6), weight(6)), [1, 2, 8, 3]);
    const found = operators(attention(tokens, tokens, tokens, 0.5));
    expect([...found.get('Softmax')!]).toEqual(['float32']);
    const products = ['Gemm', 'FusedMatMul', 'MatMul'].flatMap((op) => [...(found.get(op) ?? [])]);
    expect(new Set(products)).toEqual(new Set(['float16']));
  });

  it('no norm, and no sum', () => {
    const h = conv2d(image(), weight(4, 4, 3, 3), null, { padding: 1 });
    const found = operators(tf.sum(groupNorm(h, 2, weight(4), weight(4), 1e-5)));
    expect([...found.get('LayerNormalization')!]).toEqual(['float32']);
    expect([...found.get('ReduceSum')!]).toEqual(['float32']);
  });

  it('nothing that a number of unknown size is part of', () => {
    const h = conv2d(image(), weight(4, 4, 3, 3), null, { padding: 1 });
    expect([...operators(tf.mul(h, 1e-9)).get('Mul')!]).toEqual(['float32']);
  });
});

it('tensors that go in and come out are float32, and larger than float16 may be', async () => {
  const step = compile((x: Tensor) => tf.mul(x, 3));
  const result = await step(tf.tensor1d([1e6, 2 ** -30]));
  expect(result.dtype).toBe('float32');
  expect([...(await result.data())]).toEqual([3e6, 3 * 2 ** -30]);
});

it('what is computed outside of steps stays float32', async () => {
  const third = tf.fill([1, 1], 1 / 3);
  expect((await tf.matMul(third, third).data())[0]).toBeCloseTo(1 / 9, 7);
});

it('holds behind a border too', async () => {
  const third = backend.constant(Float32Array.of(1 / 3), [1, 1]);
  const product = border(({ x }: { x: Tensor }) => tf.matMul(x, third), ['x']);
  const step = compile((x: Tensor) => product({ x }));
  // The float16 next to 1/3.
  expect((await (await step(tf.ones([1, 1]))).data())[0]).toBe(0.333251953125);
});

it('steps in float32 may be compiled beside, behind a border too', async () => {
  const third = backend.constant(Float32Array.of(1 / 3), [1, 1]);
  const product = border(({ x }: { x: Tensor }) => tf.matMul(x, third), ['x']);
  const values = [compile, compilerFor(backend), compile].map(async (compileIn) => {
    const step = compileIn((x: Tensor) => product({ x }));
    return (await (await step(tf.ones([1, 1]))).data())[0];
  });
  expect(await Promise.all(values)).toEqual([0.333251953125, Math.fround(1 / 3), 0.333251953125]);
});

describe('a U-Net in float16', () => {
  const item = '01-sd-unet';
  const manifest = readManifest(item);
  it.each(manifest.cases.filter(({ name }) => name.includes('b1_16x16')))(
    '$name: noise and gradients within 5e-3 of float32, and not equal to it',
    async (testCase) => {
      const fixture = manifest.configs[testCase.network.config]!;
      const config = parseConfig(testCase.name, fixture.config, unetConfigSchema);
      const params = fixtureParams(fixture, unetParameterShapes(config));
      const file = new FixtureFile(item, manifest, testCase.file);
      const t = file.tensor('timestep');
      const { value, gradients } = await valueAndVjp(
        compile,
        (z, c) => unet2dCondition(params, config, z!, t, c!),
        [file.tensor('z'), file.tensor('c')],
        file.tensor('w'),
      );
      for (const [name, tensor] of Object.entries({
        eps: value,
        grad_z: gradients[0]!,
        grad_c: gradients[1]!,
      })) {
        const { rel_l2 } = distance(await tensor.data(), file.data(name) as Float32Array);
        expect(rel_l2, name).toBeGreaterThan(1e-4);
        expect(rel_l2, name).toBeLessThan(5e-3);
      }
    },
  );
});

it('SiLU of a convolution is float16 on a card', async () => {
  const card = await useOnnxBackend({ threads: 1, provider: 'webgpu', capacity: 1 });
  const kernel = card.constant(new Float32Array(16).fill(0.1), [4, 4, 1, 1]);
  const { order } = programOf(inHalfPrecision([card.node(silu(conv2d(image(), kernel, null, {})))]));
  const found = order.filter((node) => node.kind === 'op').map(({ op, dtype }) => `${op} ${dtype}`);
  expect(found).toEqual(expect.arrayContaining(['Conv float16', 'Sigmoid float16', 'Mul float16']));
});
