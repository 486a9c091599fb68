import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { admUnet } from '../../harness/networks/adm-unet.ts';
import { decodeVq, encodeVq } from '../../harness/networks/autoencoder-vq.ts';
import { type NetworkParams, paramsOf } from '../../harness/networks/params.ts';
import { DEVICES, useDevice } from '../support/device.ts';
import { FixtureFile, readManifest } from '../support/network-fixtures.ts';
import { tinyCompvis, tinyTensors, tinyWeights } from '../support/tiny-compvis.ts';
import { valueAndVjp } from '../support/vjp.ts';

const item = 'compvis-ldm';
const { first_stage_config, unet_config } = tinyCompvis;
const vq = first_stage_config.params;

function paramsFor(network: 'unet' | 'vq'): NetworkParams {
  const { specs, values } = tinyWeights(network);
  const tensors = specs.map(({ name, shape }) => [name, tf.tensor(values.get(name)!, [...shape])] as const);
  return paramsOf(new Map(tensors), network);
}

describe.each(DEVICES)(
  'networks of unconditional latent diffusion on %s equal those of CompVis',
  (device) => {
    let compile: Compile;
    beforeAll(async () => {
      ({ compile } = await useDevice(device));
    });

    it.each<[string, 'unet' | 'vq', (w: NetworkParams, x: Tensor, file: FixtureFile) => Tensor]>([
      ['unet', 'unet', (w, x, file) => admUnet(w, unet_config.params, x, file.tensor('t'), null)],
      ['encode', 'vq', (w, x) => encodeVq(w, vq, x)],
      ['decode', 'vq', (w, x) => decodeVq(w, vq, x, true)],
      ['decode_plain', 'vq', (w, x) => decodeVq(w, vq, x, false)],
    ])('%s: value and gradient', async (name, network, run) => {
      const file = new FixtureFile(item, readManifest(item), `${name}.safetensors`);
      const params = paramsFor(network);
      const { value, gradients } = await valueAndVjp(
        compile,
        (x) => run(params, x!, file),
        [file.tensor('x')],
        file.tensor('w'),
      );
      await file.expectTensor('out', value);
      await file.expectTensor('grad_x', gradients[0]!);
    });
  },
);

it.each(['unet', 'vq'] as const)("%s has the tensors of CompVis's state_dict", (network) => {
  // Attention's projections are convolutions of width 1 there.
  const withoutOnes = (shape: readonly number[]) => shape.join().replace(/(,1)+$/, '');
  const ours = tinyWeights(network).specs.map(({ name, shape }) => [name, withoutOnes(shape)]);
  const theirs = Object.entries(tinyTensors[network]).map(([name, shape]) => [name, withoutOnes(shape)]);
  expect(ours.sort()).toEqual(theirs.sort());
});
