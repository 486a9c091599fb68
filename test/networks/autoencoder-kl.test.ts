import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { autoencoderConfigSchema } from '../../harness/networks/autoencoder-config.ts';
import {
  autoencoderParameterShapes,
  decodeLatent,
  encodeMoments,
} from '../../harness/networks/autoencoder-kl.ts';
import { currentAutoencoderName } from '../../harness/networks/autoencoder-names.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import { DEVICES, useDevice } from '../support/device.ts';
import { type FixtureCase, FixtureFile, fixtureParams, readManifest } from '../support/network-fixtures.ts';
import { valueAndVjp } from '../support/vjp.ts';

const item = '02-vae';
const manifest = readManifest(item);
const casesOf = (entry: string) => manifest.cases.filter((testCase) => testCase.entry === entry);

function open(testCase: FixtureCase) {
  const fixture = manifest.configs[testCase.network.config]!;
  const config = parseConfig(testCase.name, fixture.config, autoencoderConfigSchema);
  const params = fixtureParams(fixture, autoencoderParameterShapes(config));
  return { config, params, file: new FixtureFile(item, manifest, testCase.file) };
}

describe.each(DEVICES)('autoencoder on %s equals diffusers', (device) => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await useDevice(device));
  });

  it.each(casesOf('vae.encode'))('$name: moments and their gradients', async (testCase) => {
    const { config, params, file } = open(testCase);
    const x = [file.tensor('x')];
    const moment = (name: 'mean' | 'logvar', weight: string) =>
      valueAndVjp(compile, (x) => encodeMoments(params, config, x!)[name], x, file.tensor(weight));
    const mean = await moment('mean', 'wm');
    const logvar = await moment('logvar', 'wl');

    await file.expectTensor('mean', mean.value);
    await file.expectTensor('logvar', logvar.value);
    await file.expectTensor('std', logvar.value.mul(0.5).exp());
    await file.expectTensor('grad_x_mean', mean.gradients[0]!);
    await file.expectTensor('grad_x_logvar', logvar.gradients[0]!);
  });

  it.each(casesOf('vae.decode'))('$name: image and its gradient', async (testCase) => {
    const { config, params, file } = open(testCase);
    const decoded = await valueAndVjp(
      compile,
      (z) => decodeLatent(params, config, z!),
      [file.tensor('z')],
      file.tensor('wx'),
    );

    await file.expectTensor('decoded', decoded.value);
    await file.expectTensor('grad_z', decoded.gradients[0]!);
  });
});

describe('older names of the attention tensors', () => {
  it.each([
    ['encoder.mid_block.attentions.0.query.weight', 'encoder.mid_block.attentions.0.to_q.weight'],
    ['encoder.mid_block.attentions.0.key.bias', 'encoder.mid_block.attentions.0.to_k.bias'],
    ['decoder.mid_block.attentions.0.value.weight', 'decoder.mid_block.attentions.0.to_v.weight'],
    ['decoder.mid_block.attentions.0.proj_attn.bias', 'decoder.mid_block.attentions.0.to_out.0.bias'],
  ])('%s is %s', (old, current) => {
    expect(currentAutoencoderName(old)).toBe(current);
  });

  it('leaves every current name alone', () => {
    const config = parseConfig('vae_a', manifest.configs.vae_a!.config, autoencoderConfigSchema);
    for (const { name } of autoencoderParameterShapes(config))
      expect(currentAutoencoderName(name)).toBe(name);
  });
});
