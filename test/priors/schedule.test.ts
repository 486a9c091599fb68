import { describe, expect, it } from 'vitest';
import { discreteSchedule } from '../../harness/priors/ddim.ts';
import {
  alphasCumprod,
  betas,
  type SchedulerConfig,
  scheduleFromConfig,
  schedulerConfigSchema,
} from '../../harness/priors/schedule.ts';
import { FixtureFile, readManifest } from '../support/network-fixtures.ts';

const item = '05-schedules';
const manifest = readManifest(item);

describe('betas and alphas_cumprod equal the reference', () => {
  // The float32 cases are what diffusers holds: their tolerances say how near our float64 values are to it.
  it.each(manifest.cases.filter(({ entry }) => entry === 'schedule.betas'))('$name', (testCase) => {
    const file = new FixtureFile(item, manifest, testCase.file);
    const values = betas(testCase.params as SchedulerConfig);
    file.expectValues(testCase.bind!.betas!, values);
    file.expectValues(testCase.bind!.alphas_cumprod!, alphasCumprod(values));
  });
});

describe('squaredcos_cap_v2', () => {
  const schedule = scheduleFromConfig(schedulerConfigSchema.parse({ beta_schedule: 'squaredcos_cap_v2' }));
  const level = (t: number) => Math.cos((((t / 1000 + 0.008) / 1.008) * Math.PI) / 2) ** 2;

  it("is Nichol and Dhariwal's cosine, alpha-bar as the ratio of two of its values", () => {
    for (const t of [0, 250, 500, 900])
      expect(schedule.alphasCumprod[t]).toBeCloseTo(level(t + 1) / level(0), 12);
  });

  it('loses all but a thousandth of its signal at the last step', () => {
    expect(schedule.alphasCumprod[999]! / schedule.alphasCumprod[998]!).toBeCloseTo(0.001, 12);
  });
});

describe('scheduler_config.json', () => {
  it("takes diffusers' defaults for keys that are not there", () => {
    const schedule = scheduleFromConfig(schedulerConfigSchema.parse({}));
    expect(schedule).toMatchObject({
      numTrainTimesteps: 1000,
      timestepSpacing: 'leading',
      stepsOffset: 0,
      setAlphaToOne: true,
      predictionType: 'epsilon',
    });
    expect(schedule.alphasCumprod[0]).toBeCloseTo(1 - 1e-4, 12);
  });

  it.each([
    { clip_sample: true },
    { thresholding: true },
    { rescale_betas_zero_snr: true },
    { trained_betas: [0.1] },
    { beta_schedule: 'sigmoid' },
    { prediction_type: 'sample' },
  ])('refuses what it does not implement: %j', (config) => {
    expect(schedulerConfigSchema.safeParse(config).success).toBe(false);
  });
});

describe('the time of a noise level', () => {
  const schedule = discreteSchedule(scheduleFromConfig(schedulerConfigSchema.parse({})));
  const sigma = (t: number) => schedule.level(t).noise / schedule.level(t).signal;

  it('is the trained time that has it', () => {
    for (const t of [0, 1, 500, 999]) expect(schedule.timeOf(sigma(t))).toBeCloseTo(t, 6);
  });

  it('lies between two of them evenly in log sigma', () => {
    expect(schedule.timeOf(sigma(500) ** 0.75 * sigma(501) ** 0.25)).toBeCloseTo(500.25, 6);
  });

  it('stays inside the schedule', () => {
    expect([schedule.timeOf(1e-3), schedule.timeOf(1e3)]).toEqual([0, 999]);
  });
});
