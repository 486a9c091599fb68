import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { inceptionInput, inputPaths } from '../../harness/metrics/inception-input.ts';
import { inceptionPool3, inceptionShapes } from '../../harness/networks/inception-v3.ts';
import { useDevice } from '../support/device.ts';
import { FixtureFile, readManifest } from '../support/network-fixtures.ts';
import { type Rule, ruleParams } from '../support/rule-params.ts';

const item = '06-inception-fid';
const manifest = readManifest(item);
const config = manifest.configs.inception as unknown as {
  rule: Rule;
  parameters: Record<string, number[]>;
};

it('has the parameters of fid_inception_v3', () => {
  const shapes = Object.fromEntries(inceptionShapes().map(({ name, shape }) => [name, shape]));
  expect(shapes).toEqual(config.parameters);
});

describe('pool3', () => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await useDevice('cpu'));
  });

  it("equals pytorch-fid's, from bytes", async () => {
    const [entry] = manifest.cases.filter((one) => one.entry === 'inception.pool3');
    const file = new FixtureFile(item, manifest, entry!.file);
    const [channels, height, width] = file.shape('image_u8') as [number, number, number];
    const planes = file.data('image_u8') as Uint8Array;
    const data = planes.map((_, i) => planes[(i % channels) * height * width + Math.floor(i / channels)]!);
    const input = inceptionInput({ width, height, channels, data }, inputPaths['pytorch-fid']);
    const params = ruleParams(inceptionShapes(), config.rule);
    const step = compile(({ x }: { x: Tensor }) => inceptionPool3(params, x));
    await file.expectTensor('pool3', await step({ x: tf.tensor(input, [1, 3, 299, 299]) }));
  });
});
