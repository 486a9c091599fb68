import { beforeAll, describe, expect, it } from 'vitest';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { UserError } from '../../harness/errors.ts';
import {
  type DdpmBetas,
  ddpmBetas,
  ddpmSample,
  ddpmStepAt,
  ddpmTables,
  dynamicScale,
  keptSteps,
  pMeanVariance,
  type Respacing,
  splitOutput,
} from '../../harness/priors/ddpm.ts';
import { DEVICES, useDevice } from '../support/device.ts';
import { type FixtureCase, FixtureFile, readManifest } from '../support/network-fixtures.ts';

const item = '05-schedules';
const manifest = readManifest(item);
const casesOf = (entry: string) => manifest.cases.filter((testCase) => testCase.entry === entry);
const fileOf = (testCase: FixtureCase) => new FixtureFile(item, manifest, testCase.file);

function tablesOf({ params }: FixtureCase) {
  return ddpmTables(ddpmBetas(params as DdpmBetas), params.respacing as Respacing);
}

describe('tables equal the reference', () => {
  it.each(casesOf('ddpm.tables'))('$name', (testCase) => {
    const file = fileOf(testCase);
    const tables = tablesOf(testCase);
    const at = testCase.bind!;
    file.expectValues(at.timestep_map!, tables.timestepMap);
    file.expectValues(at.betas!, tables.betas);
    file.expectValues(at.alphas_cumprod!, tables.alphasCumprod);
    file.expectValues(at.posterior_variance!, tables.posteriorVariance);
    file.expectValues(at.posterior_log_variance_clipped!, tables.posteriorLogVarianceClipped);
    file.expectValues(at.posterior_mean_coef1!, tables.posteriorMeanCoef1);
    file.expectValues(at.posterior_mean_coef2!, tables.posteriorMeanCoef2);
  });
});

describe.each(DEVICES)('the posterior on %s equals the reference', (device) => {
  beforeAll(() => useDevice(device));

  it.each(casesOf('ddpm.p_mean_variance'))('$name', async (testCase) => {
    const file = fileOf(testCase);
    const bind = testCase.bind!;
    const at = ddpmStepAt(tablesOf(testCase), testCase.params.t as number);
    const output = splitOutput(file.tensor(bind.model_output!));
    const result = pMeanVariance({ ...output, x: file.tensor(bind.x!), at }, { clipDenoised: true });
    await file.expectTensor(bind.mean!, result.mean);
    await file.expectTensor(bind.log_variance!, result.logVariance);
    await file.expectTensor(bind.pred_xstart!, result.x0);
  });
});

describe('respacing', () => {
  it('cuts the schedule into parts, the first ones longer, each strided evenly from its start', () => {
    expect(keptSteps(10, { method: 'sections', counts: [2, 3, 1] })).toEqual([0, 3, 4, 5, 6, 7]);
  });

  it('rounds halves to even', () => {
    expect(keptSteps(6, { method: 'sections', counts: [3] })).toEqual([0, 2, 5]);
  });

  it('takes the smallest stride that gives the steps asked for', () => {
    expect(keptSteps(10, { method: 'ddim', n: 4 })).toEqual([0, 3, 6, 9]);
  });

  it.each<[Respacing, string]>([
    [{ method: 'ddim', n: 7 }, 'no whole stride gives 7 steps of 10'],
    [{ method: 'sections', counts: [6, 5] }, 'found 6; expected a whole number from 1 to 5'],
    [{ method: 'sections', counts: [1] }, 'found 1; expected at least 2'],
  ])('%j is refused', (respacing, message) => {
    const tables = () => ddpmTables(new Float64Array(10).fill(0.1), respacing);
    expect(tables).toThrow(UserError);
    expect(tables).toThrow(message);
  });
});

describe('cosine betas', () => {
  const betas = ddpmBetas({
    beta_schedule: 'cosine',
    cosine_s: 0.008,
    max_beta: 0.999,
    num_train_timesteps: 1000,
  });

  it('give cos^2 as alpha-bar, until the bound holds', () => {
    const level = (t: number) => Math.cos((((t + 0.008) / 1.008) * Math.PI) / 2) ** 2;
    const tables = ddpmTables(betas, { method: 'all' });
    for (const i of [0, 100, 500, 900]) {
      expect(tables.alphasCumprod[i]).toBeCloseTo(level((i + 1) / 1000) / level(0), 12);
    }
    expect(betas.at(-1)).toBe(0.999);
  });
});

describe('the sample', () => {
  beforeAll(() => useDevice('cpu-reference'));
  const scalar = async (x: Tensor) => (await x.data())[0]!;

  it('is the mean where the gaussian is 0, and else exp(log-variance / 2) of it away', async () => {
    const posterior = { mean: tf.tensor1d([2]), logVariance: tf.tensor1d([Math.log(9)]) };
    expect(await scalar(ddpmSample(posterior, tf.tensor1d([0])))).toBe(2);
    expect(await scalar(ddpmSample(posterior, tf.tensor1d([-1])))).toBeCloseTo(-1, 6);
  });

  it('comes of an estimate as it is, clipped, or scaled and clipped', async () => {
    const at = { recip: 1, recipM1: 0, coef1: 1, coef2: 0, minLog: 0, maxLog: 0 };
    const input = { x: tf.tensor1d([3, -0.5]), noise: tf.zeros([2]), variance: tf.zeros([2]), at };
    const mean = async (options: Parameters<typeof pMeanVariance>[1]) => [
      ...(await pMeanVariance(input, options).mean.data()),
    ];
    expect(await mean({ clipDenoised: false })).toEqual([3, -0.5]);
    expect(await mean({ clipDenoised: true })).toEqual([1, -0.5]);
    expect(await mean({ clipDenoised: false, dynamicScale: 0.5 })).toEqual([1, -0.25]);
  });

  it("the dynamic threshold's scale is the interpolated 0.95 quantile of magnitudes", () => {
    // torch.quantile(torch.tensor([0., -1., 2., -3., 4.]).abs(), 0.95)
    expect(dynamicScale([0, -1, 2, -3, 4])).toBeCloseTo(3.8, 12);
  });
});
