import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { normals } from '../../harness/engine/random.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import {
  LPIPS_V01,
  lpips,
  lpipsHeadShapes,
  lpipsMap,
  lpipsTrunkShapes,
} from '../../harness/networks/lpips.ts';
import { type LpipsNet, lpipsTrunks } from '../../harness/networks/lpips-trunks.ts';
import { type NetworkParams, paramsOf } from '../../harness/networks/params.ts';
import { SafetensorsFile } from '../../harness/networks/safetensors.ts';
import { useDevice } from '../support/device.ts';
import { FixtureFile, readManifest } from '../support/network-fixtures.ts';
import { type Rule, ruleParams } from '../support/rule-params.ts';

const item = '07-lpips';
const manifest = readManifest(item);
const folder = fileURLToPath(new URL(`../fixtures/${item}/`, import.meta.url));

function heads(net: string): NetworkParams {
  const file = new SafetensorsFile(`${folder}lin_${net}.safetensors`);
  const tensors = [...file.entries].map(
    ([name, { shape }]) => [name, tf.tensor(file.readFloat32(name), [...shape])] as const,
  );
  file.close();
  return paramsOf(new Map(tensors), 'heads');
}

let compile: Compile;
beforeAll(async () => {
  ({ compile } = await useDevice('cpu'));
});

describe('the reference implementation, with its public linear heads', () => {
  it.each(manifest.cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const file = new FixtureFile(item, manifest, one.file);
    const net = one.params.net as LpipsNet;
    const layout = lpipsTrunks[net];
    expect(layout.taps).toEqual(one.params.taps);
    const { rule } = manifest.configs[one.network.config] as unknown as { rule: Rule };
    const trunk = ruleParams(lpipsTrunkShapes(layout), rule);
    const linear = heads(net);
    const step = compile(({ in0, in1 }: { in0: Tensor; in1: Tensor }) => {
      const distance = (x: Tensor) => lpips(layout, trunk, linear, x, in1);
      return { distance: distance(in0), grad: tf.grad((x) => tf.sum(distance(x)))(in0) };
    });
    const { distance, grad } = await step({ in0: file.tensor('in0'), in1: file.tensor('in1') });
    await file.expectTensor('distance', distance);
    await file.expectTensor('grad_in0', grad);
  });
});

function picture(draw: number, size = 64): Tensor {
  const values = normals({ seed: 0, role: 'sample', image: 'lpips', draw }, 3 * size * size);
  return tf.tensor(
    values.map((v) => Math.tanh(v)),
    [1, 3, size, size],
  );
}

describe.each(['alex', 'squeeze'] as const)('%s with made-up weights', (net) => {
  const layout = lpipsTrunks[net];
  const kinds = { '.weight': 'w', '.bias': 'b' } as const;
  let trunk: NetworkParams;
  let linear: NetworkParams;
  beforeAll(() => {
    trunk = ruleParams(lpipsTrunkShapes(layout), { prefix: net, gain: 6, kinds });
    const shapes = lpipsHeadShapes(layout);
    linear = paramsOf(new Map(shapes.map(({ name, shape }) => [name, tf.ones([...shape])])), 'heads');
  });

  const value = async (f: (a: Tensor, b: Tensor) => Tensor, a: Tensor, b: Tensor) => {
    const step = compile((args: { a: Tensor; b: Tensor }) => f(args.a, args.b));
    return (await step({ a, b })).data();
  };
  const distance = (a: Tensor, b: Tensor) => lpips(layout, trunk, linear, a, b);

  it('is zero for equal pictures, symmetric, and one number a picture', async () => {
    const [a, b] = [picture(0), picture(1)];
    expect([...(await value(distance, a, a))]).toEqual([0]);
    const [forth] = await value(distance, a, b);
    expect(forth).toBeGreaterThan(0);
    expect((await value(distance, b, a))[0]).toBeCloseTo(forth!, 6);
    const both = await value(distance, tf.concat([a, a]), tf.concat([a, b]));
    expect(both[0]).toBe(0);
    expect(both[1]).toBeCloseTo(forth!, 6);
  });

  it('has a map of the pictures’ size whose mean is near the distance', async () => {
    const [a, b] = [picture(0), picture(1)];
    const map = await value((x, y) => lpipsMap(layout, trunk, linear, x, y), a, b);
    expect(map.length).toBe(64 * 64);
    const [whole] = await value(distance, a, b);
    const mean = Array.from(map).reduce((sum, v) => sum + v, 0) / map.length;
    expect(mean / whole!).toBeCloseTo(1, 1);
  });

  it('has a finite gradient where all features are zero', async () => {
    const silent = paramsOf(
      new Map(lpipsTrunkShapes(layout).map(({ name, shape }) => [name, tf.zeros([...shape])])),
      'zeros',
    );
    const gradient = (a: Tensor, b: Tensor) =>
      tf.grad((x: Tensor) => tf.sum(lpips(layout, silent, linear, x, b)))(a);
    const values = await value(gradient, picture(0), picture(1));
    expect([...values]).toEqual(new Array(3 * 64 * 64).fill(0));
  });

  it('without the scaling layer is another number', async () => {
    const [a, b] = [picture(0), picture(1)];
    const older = (x: Tensor, y: Tensor) =>
      lpips(layout, trunk, linear, x, y, { ...LPIPS_V01, scaling: null });
    expect((await value(older, a, b))[0]).not.toBeCloseTo((await value(distance, a, b))[0]!, 3);
  });
});

it('has the widths of the published heads', () => {
  const widths = (net: LpipsNet) => lpipsHeadShapes(lpipsTrunks[net]).map(({ fanIn }) => fanIn);
  expect(widths('alex')).toEqual([64, 192, 384, 256, 256]);
  expect(widths('vgg')).toEqual([64, 128, 256, 512, 512]);
  expect(widths('squeeze')).toEqual([64, 128, 256, 384, 384, 512, 512]);
});
