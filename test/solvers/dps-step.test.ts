import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { admConfigSchema } from '../../harness/networks/adm-config.ts';
import { admParameterShapes, admUnet } from '../../harness/networks/adm-unet.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import { gaussianBlur } from '../../harness/operators/gaussian-blur.ts';
import type { Operator } from '../../harness/operators/operator.ts';
import { superResolution } from '../../harness/operators/super-resolution.ts';
import {
  type DdpmBetas,
  ddpmBetas,
  ddpmStepAt,
  ddpmTables,
  type Respacing,
  splitOutput,
} from '../../harness/priors/ddpm.ts';
import { type DpsStepInput, dpsStep } from '../../harness/solvers/dps-step.ts';
import { useDevice } from '../support/device.ts';
import { FixtureFile, fixtureParams, readManifest } from '../support/network-fixtures.ts';

const item = '04-adm-unet';
const manifest = readManifest(item);
const cases = manifest.cases.filter(({ entry }) => entry === 'dps.step');

function operatorOf(given: Record<string, unknown>, image: readonly [number, number, number]): Operator {
  return given.operator === 'super_resolution'
    ? superResolution(given.factor as number, image)
    : gaussianBlur({ kernelSize: given.kernel_size as number, sigma: given.sigma as number }, image);
}

describe("one step equals DPS's public code", () => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await useDevice('cpu'));
  });

  it.each(cases)('$name', async ({ file: name, params, network, bind }) => {
    const file = new FixtureFile(item, manifest, name);
    const tensor = (argument: string) => file.tensor(bind![argument]!);
    const fixture = manifest.configs[network.config]!;
    const config = parseConfig(name, fixture.config, admConfigSchema);
    const weights = fixtureParams(fixture, admParameterShapes(config));
    const tables = ddpmTables(ddpmBetas(params as DdpmBetas), params.respacing as Respacing);
    const index = params.t as number;
    const x = tensor('x_t');
    const y = tensor('y');
    const A = operatorOf(
      params.operator as Record<string, unknown>,
      x.shape.slice(1) as [number, number, number],
    );
    const step = compile((s: DpsStepInput) =>
      dpsStep(s, {
        clipDenoised: params.clip_denoised as boolean,
        predict: (x, t) => splitOutput(admUnet(weights, config, x, t, null)),
        misfit: (x0) => tf.reshape(tf.norm(tf.sub(y, A.forward(x0))), [1]),
      }),
    );

    const result = await step({
      x,
      t: tables.timestepMap[index]!,
      at: ddpmStepAt(tables, index),
      gaussian: index === 0 ? tf.zerosLike(x) : tensor('noise'),
      scale: params.scale as number,
    });

    const expected: Record<string, Tensor> = {
      x0_hat: result.x0,
      sample_before: result.sample,
      distance: result.misfit,
      norm_grad: result.gradient,
      x_next: result.next,
    };
    for (const [argument, value] of Object.entries(expected)) {
      await file.expectTensor(bind![argument]!, value);
    }
  });

  it('has cases with and without noise, and with respaced steps', () => {
    expect(cases.map(({ params }) => params.t)).toEqual([999, 400, 0, 60]);
  });
});
