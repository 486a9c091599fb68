import { beforeAll, describe, expect, it } from 'vitest';
import type { Compile } from '../../harness/engine/compile.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { parseConfig } from '../../harness/networks/config-file.ts';
import { unetConfigSchema } from '../../harness/networks/unet-config.ts';
import { unet2dCondition, unetParameterShapes } from '../../harness/networks/unet2d-condition.ts';
import {
  ddimStep,
  ddimSteps,
  ddimTimesteps,
  diffusersTimesteps,
  noiseFromVelocity,
  noiseFromZ0,
  z0FromNoise,
} from '../../harness/priors/ddim.ts';
import {
  type NoiseSchedule,
  scheduleFromConfig,
  schedulerConfigSchema,
} from '../../harness/priors/schedule.ts';
import { DEVICES, useDevice } from '../support/device.ts';
import { FixtureFile, fixtureParams, readManifest } from '../support/network-fixtures.ts';

const item = '05-schedules';
const manifest = readManifest(item);
const unets = readManifest('01-sd-unet');
const casesOf = (entry: string) => manifest.cases.filter((testCase) => testCase.entry === entry);

const stableDiffusion = (changes: Record<string, unknown> = {}): NoiseSchedule =>
  scheduleFromConfig(
    schedulerConfigSchema.parse({
      beta_schedule: 'scaled_linear',
      beta_start: 0.00085,
      beta_end: 0.012,
      steps_offset: 1,
      set_alpha_to_one: false,
      ...changes,
    }),
  );

describe('time grids', () => {
  it.each(casesOf('schedule.timesteps'))('$name equals diffusers', ({ file, params, outputs }) => {
    const times = diffusersTimesteps(stableDiffusion(params), params.n as number);
    new FixtureFile(item, manifest, file).expectValues(outputs[0]!, times);
  });

  it('of as many steps as the schedule has drop steps_offset: t = 999..0', () => {
    const schedule = stableDiffusion();
    expect(diffusersTimesteps(schedule, 1000)[0]).toBe(1000);
    expect(ddimTimesteps(schedule, 1000)).toEqual(Array.from({ length: 1000 }, (_, i) => 999 - i));
  });

  it.each(['leading', 'trailing', 'linspace'])(
    'of %s spacing stay in the schedule at any number of steps',
    (spacing) => {
      const schedule = stableDiffusion({ timestep_spacing: spacing });
      for (let steps = 1; steps <= 1000; steps++) {
        const times = ddimTimesteps(schedule, steps);
        expect(times).toHaveLength(steps);
        expect(times.every((t, i) => t >= 0 && t < 1000 && (i === 0 || t < times[i - 1]!))).toBe(true);
      }
    },
  );

  it.each([0, 1001, 2.5])('refuse %s steps', (steps) => {
    expect(() => ddimTimesteps(stableDiffusion(), steps)).toThrow(
      `steps: found ${steps}; expected a whole number from 1 to 1000`,
    );
  });

  it('number the steps N..1, each ending where the schedule says', () => {
    const schedule = stableDiffusion();
    const at = (t: number) => schedule.alphasCumprod[t];
    expect(ddimSteps(schedule, 4)).toEqual([
      { n: 4, t: 751, alphaBar: at(751), alphaBarNext: at(501) },
      { n: 3, t: 501, alphaBar: at(501), alphaBarNext: at(251) },
      { n: 2, t: 251, alphaBar: at(251), alphaBarNext: at(1) },
      { n: 1, t: 1, alphaBar: at(1), alphaBarNext: at(0) },
    ]);
    expect(ddimSteps(stableDiffusion({ set_alpha_to_one: true }), 4).at(-1)!.alphaBarNext).toBe(1);
  });
});

/** The plain JavaScript device takes half a minute for a trajectory, and the network's own tests cover it. */
const FAST_DEVICES = DEVICES.filter((device) => device !== 'cpu-reference');

describe.each(FAST_DEVICES)('DDIM with a U-Net on %s', (device) => {
  let compile: Compile;
  beforeAll(async () => {
    ({ compile } = await useDevice(device));
  });

  it.each(casesOf('ddim.trajectory'))("$name follows diffusers' trajectory", async (testCase) => {
    const { n, eta, guidance, ...config } = testCase.params as {
      n: number;
      eta: number;
      guidance: number | null;
    };
    const schedule = stableDiffusion(config);
    const fixture = unets.configs[testCase.network.config]!;
    const unetConfig = parseConfig(testCase.name, fixture.config, unetConfigSchema);
    const params = fixtureParams(fixture, unetParameterShapes(unetConfig));
    const file = new FixtureFile(item, manifest, testCase.file);
    const c = file.tensor('c');
    const u = guidance === null ? null : file.tensor('u');
    const gaussians = eta > 0 ? tf.unstack(file.tensor('noise')) : [];

    const predict = (z: Tensor, t: Tensor, alphaBar: Tensor): Tensor => {
      const run = (prompt: Tensor) => unet2dCondition(params, unetConfig, z, t, prompt);
      const out = u === null ? run(c) : tf.add(run(u), tf.mul(guidance!, tf.sub(run(c), run(u))));
      return schedule.predictionType === 'epsilon' ? out : noiseFromVelocity(z, out, alphaBar);
    };

    const step = compile((args: Record<'z' | 't' | 'alphaBar' | 'alphaBarNext' | 'gaussian', Tensor>) => {
      const noise = predict(args.z, args.t, args.alphaBar);
      const z0 = z0FromNoise(args.z, noise, args.alphaBar);
      return { z0, next: ddimStep({ ...args, z0, noise, eta }) };
    });

    const zs = [file.tensor('z_T')];
    const z0s: Tensor[] = [];
    const steps = ddimSteps(schedule, n);
    for (const [i, { t, alphaBar, alphaBarNext }] of steps.entries()) {
      const z = zs[i]!;
      const { z0, next } = await step({ z, t, alphaBar, alphaBarNext, gaussian: gaussians[i] ?? z });
      z0s.push(z0);
      zs.push(next);
    }

    file.expectValues(
      'timesteps',
      steps.map(({ t }) => t),
    );
    await file.expectTensor('pred_x0', tf.stack(z0s));
    await file.expectTensor('z', tf.stack(zs));
  });
});

describe.each(DEVICES)('one DDIM step on %s', (device) => {
  beforeAll(async () => {
    await useDevice(device);
  });

  it('noise and z0 determine each other', async () => {
    const [z, noise] = [tf.tensor1d([0.3, -1.2, 2]), tf.tensor1d([1, 0.5, -0.7])];
    const alphaBar = tf.scalar(0.37);
    const back = await noiseFromZ0(z, z0FromNoise(z, noise, alphaBar), alphaBar).data();
    for (const [i, value] of [1, 0.5, -0.7].entries()) expect(back[i]).toBeCloseTo(value, 5);
  });

  it('takes the same step from scalar tensors as from numbers', async () => {
    const [z0, noise, gaussian] = [tf.tensor1d([0.3, -1]), tf.tensor1d([1, 0.5]), tf.tensor1d([-0.2, 0.9])];
    const numbers = { alphaBar: 0.4, alphaBarNext: 0.6, eta: 0.5 };
    const scalars = { alphaBar: tf.scalar(0.4), alphaBarNext: tf.scalar(0.6), eta: tf.scalar(0.5) };
    const fromNumbers = await ddimStep({ z0, noise, gaussian, ...numbers }).data();
    const fromScalars = await ddimStep({ z0, noise, gaussian, ...scalars }).data();
    // s^2 = 0.25 * (0.4 / 0.6) * (1 - 0.4 / 0.6)
    const s2 = 0.25 * (0.4 / 0.6) * (1 - 0.4 / 0.6);
    const expected = Math.sqrt(0.6) * 0.3 + Math.sqrt(0.4 - s2) * 1 + Math.sqrt(s2) * -0.2;
    expect(fromNumbers[0]).toBeCloseTo(expected, 6);
    expect([...fromScalars]).toEqual([...fromNumbers]);
  });
});
