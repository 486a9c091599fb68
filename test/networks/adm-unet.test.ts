import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { tf } from '../../harness/engine/tf.ts';
import { admConfigSchema } from '../../harness/networks/adm-config.ts';
import { admParameterShapes, admUnet } from '../../harness/networks/adm-unet.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import { paramsOf } from '../../harness/networks/params.ts';
import { DEVICES, type DeviceName, useDevice } from '../support/device.ts';
import { type FixtureCase, FixtureFile, fixtureParams, readManifest } from '../support/network-fixtures.ts';
import { prngWeights } from '../support/prng-weights.ts';
import { valueAndVjp } from '../support/vjp.ts';

const item = '04-adm-unet';
const manifest = readManifest(item);
const cases = manifest.cases.filter(({ entry }) => entry === 'adm.forward');

/** Every case; on the reference device, whose loops take seconds for each, the small ones. */
function casesOn(device: DeviceName): readonly FixtureCase[] {
  return device === 'cpu-reference' ? cases.filter(({ name }) => name.includes('b1_')) : cases;
}

describe.each(DEVICES)('ADM U-Net on %s equals guided-diffusion', (device) => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await useDevice(device));
  });

  it.each(casesOn(device))('$name: output and gradient with respect to the image', async (testCase) => {
    const fixture = manifest.configs[testCase.network.config]!;
    const config = parseConfig(testCase.name, fixture.config, admConfigSchema);
    const params = fixtureParams(fixture, admParameterShapes(config));
    const file = new FixtureFile(item, manifest, testCase.file);
    const t = file.tensor('timesteps');
    const y = config.num_classes === null ? null : file.tensor('y');

    const { value, gradients } = await valueAndVjp(
      compile,
      (x) => admUnet(params, config, x!, t, y),
      [file.tensor('x')],
      file.tensor('w'),
    );

    await file.expectTensor('out', value);
    await file.expectTensor('grad_x', gradients[0]!);
  });
});

describe('attention order', () => {
  const base = {
    image_size: 8,
    in_channels: 3,
    model_channels: 32,
    out_channels: 6,
    num_res_blocks: 1,
    attention_resolutions: [],
    channel_mult: [1],
    num_heads: 4,
  };
  const heads = 4;
  const width = 32;

  /** Rows (head, part, i) of the legacy order put into the new order (part, head, i). */
  function reordered(values: Float32Array, columns: number): Float32Array {
    const each = width / heads;
    return values.map((_, at) => {
      const row = Math.floor(at / columns);
      const [part, head, i] = [Math.floor(row / width), Math.floor((row % width) / each), row % each];
      return values[((head * 3 + part) * each + i) * columns + (at % columns)]!;
    });
  }

  it('splits q, k and v first, or heads first in the legacy order: the same network with its rows reordered', async () => {
    await useDevice('cpu-reference');
    const [legacy, fresh] = [false, true].map((use_new_attention_order) =>
      admConfigSchema.parse({ ...base, use_new_attention_order }),
    );
    const specs = admParameterShapes(legacy!);
    const weights = prngWeights(specs, { prefix: 'attention order/' });
    const params = (change: (name: string, values: Float32Array) => Float32Array) =>
      paramsOf(
        new Map(
          specs.map(({ name, shape }) => [name, tf.tensor(change(name, weights.get(name)!), [...shape])]),
        ),
        'test',
      );
    const x = tf.tensor(
      Float32Array.from({ length: 192 }, (_, i) => Math.sin(i)),
      [1, 3, 8, 8],
    );
    const t = tf.scalar(10);
    const reorder = (name: string, values: Float32Array) => {
      if (name === 'middle_block.1.qkv.weight') return reordered(values, width);
      return name === 'middle_block.1.qkv.bias' ? reordered(values, 1) : values;
    };
    const expected = await admUnet(
      params((_, values) => values),
      legacy!,
      x,
      t,
      null,
    ).data();
    const actual = await admUnet(params(reorder), fresh!, x, t, null).data();
    const unchanged = await admUnet(
      params((_, values) => values),
      fresh!,
      x,
      t,
      null,
    ).data();
    expect(Math.max(...actual.map((v, i) => Math.abs(v - expected[i]!)))).toBeLessThan(1e-5);
    expect(Math.max(...unchanged.map((v, i) => Math.abs(v - expected[i]!)))).toBeGreaterThan(1e-3);
  });
});

describe('config', () => {
  const good = manifest.configs.adm_a!.config as object;

  it.each([
    [{ num_head_channels: 48 }, 'num_head_channels: found 48; expected a divisor of 64'],
    [{ num_head_channels: -1, num_heads: 5 }, 'num_heads: found 5; expected a divisor of 64'],
    [{ channel_mult: [1, 0.3, 2] }, 'channel_mult: found [1,0.3,2]; gives levels of 32,9,64 channels'],
    [{ dims: 3 }, 'dims: found 3'],
    [{ attention_resolutions: '2,4' }, 'attention_resolutions: found "2,4"'],
  ])('%j is refused', (change, message) => {
    const parse = () => parseConfig('model', { ...good, ...change }, admConfigSchema);
    expect(parse).toThrow(message);
  });
});
