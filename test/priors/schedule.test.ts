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
    { beta_schedule: 'squaredcos_cap_v2' },
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
