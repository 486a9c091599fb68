import { describe, expect, it } from 'vitest';
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
