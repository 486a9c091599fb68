import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import { unetConfigSchema } from '../../harness/networks/unet-config.ts';
import { unet2dCondition, unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import { DEVICES, type DeviceName, isSlow, looseness, useDevice } from '../support/device.ts';
import { type FixtureCase, FixtureFile, fixtureParams, readManifest } from '../support/network-fixtures.ts';
import { valueAndVjp } from '../support/vjp.ts';

const item = '01-sd-unet';
const manifest = readManifest(item);

/** Every case; on slow devices one of each config. Odd sizes need a gradient that wasm lacks (test/engine/gaps.ts). */
function casesOn(device: DeviceName): readonly FixtureCase[] {
  if (device === 'wasm') return manifest.cases.filter(({ name }) => !name.endsWith('_odd'));
  if (!isSlow(device)) return manifest.cases;
  return [...new Map(manifest.cases.toReversed().map((c) => [c.network.config, c])).values()];
}

describe.each(DEVICES)('U-Net on %s equals diffusers', (device) => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await useDevice(device));
  });

  it.each(casesOn(device))(
    '$name: noise and gradients with respect to latent and prompt',
    async (testCase) => {
      const fixture = manifest.configs[testCase.network.config]!;
      const config = parseConfig(testCase.name, fixture.config, unetConfigSchema);
      const params = fixtureParams(fixture, unetParameterShapes(config));
      const file = new FixtureFile(item, manifest, testCase.file);
      const t = file.tensor('timestep');
      const w = file.tensor('w');

      const { value: eps, gradients } = await valueAndVjp(
        compile,
        (z, c) => unet2dCondition(params, config, z!, t, c!),
        [file.tensor('z'), file.tensor('c')],
        w,
      );

      await file.expectTensor('eps', eps);
      await file.expectTensor('grad_z', gradients[0]!);
      await file.expectTensor('grad_c', gradients[1]!);
      // The manifest bounds the loss by ||w|| ||eps|| * rel_l2 of eps.
      const loss = (await tf.sum(tf.mul(w, eps)).data())[0]!;
      const bound =
        (await norm2(w)) * (await norm2(eps)) * manifest.files[testCase.file]!.eps!.tolerance!.rel_l2!;
      expect(Math.abs(loss - Number(file.data('loss')[0]))).toBeLessThanOrEqual(bound * looseness(device));
    },
  );
});

async function norm2(x: Tensor): Promise<number> {
  return (await tf.norm(x).data())[0]!;
}
