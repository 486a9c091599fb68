// Whole runs of PSLD, LDPS and ReSample against those of their official codes: see solver-runs.test.ts.
import { describe, expect, it } from 'vitest';
import { type Json, type OfficialRun, officialRuns, withParameters, withParams } from './official-runs.ts';

const verify = officialRuns();

const PSLD = 'psld/inpaint_box_eta';
const OF_TREG = 'psld/treg_repo_sr4';
const LDPS = 'ldps/sr4';
const RESAMPLE = 'resample/sr4';

it.each([PSLD, OF_TREG, LDPS, RESAMPLE])(
  "%s: every state, estimate and the result are the official code's",
  async (name) => {
    const { status, reason, comparisons } = await verify(name);
    expect([status, reason]).toEqual(['passed', null]);
    expect(comparisons.map((comparison) => comparison.name)).toEqual(['x_final', 'x0_hats', 'states']);
  },
);

describe('one constant that is another fails', () => {
  it.each([
    ["PSLD's gamma, 0.01", PSLD, withParameters({ gamma: 0.011 })],
    ["PSLD's omega, 0.1", PSLD, withParameters({ omega: 0.101 })],
    ['the guidance, 7.5', PSLD, withParameters({ scale: 7.4 })],
    ['the noise in the loss, 0.05', PSLD, withParams(() => ({ sigma_y: 0 }))],
    ["the gamma of TReg's PSLD, 0.5", OF_TREG, withParameters({ gamma: 0.51 })],
    ["the omega of TReg's PSLD, 1", OF_TREG, withParameters({ omega: 1.01 })],
    ["TReg's table, in step with the times", OF_TREG, withParams(inStep)],
    ["LDPS's omega, 1", LDPS, withParameters({ omega: 1.01 })],
    ["LDPS's draws, another one first", LDPS, withParams(firstTwoExchanged)],
    ['the noise in the loss of LDPS', LDPS, withParams(() => ({ sigma_y: 0.06 }))],
    ["ReSample's step on the gradient, 0.5", RESAMPLE, withParameters({ dps_scale: 0.51 })],
    ["ReSample's constant, 40", RESAMPLE, withParameters({ resample_constant: 41 })],
    ['a step ahead, of five', RESAMPLE, withParameters({ inter_timesteps: 4 })],
    ['an iteration among pictures, of 20', RESAMPLE, withParameters({ pixel_max_iters: 19 })],
    ['an iteration among latents, of 10', RESAMPLE, withParameters({ latent_max_iters: 11 })],
    ['when an image is done', RESAMPLE, withParameters({ eps: 10 })],
  ])('%s', async (_, name, change) => {
    const { status, reason, comparisons } = await verify(name, change);
    expect([status, reason]).toEqual(['failed', null]);
    expect(comparisons.filter(({ pass }) => !pass).map((comparison) => comparison.name)).toContain('states');
  });

  it('a hard step more takes a draw more', async () => {
    const { status, reason } = await verify(RESAMPLE, withParameters({ interval: 2 }));
    expect([status, reason]).toEqual(['failed', 'the solver draws more than the official code did']);
  });

  it.each([
    ['a misfit without noise', PSLD, { measurement_noise_in_loss: false }],
    ["the mean of PSLD's encoder", PSLD, { encode: 'mean' }],
    ["a term of PSLD's in LDPS", LDPS, { gamma: 0.1 }],
    ["another rate of AdamW's", RESAMPLE, { pixel_lr: 0.02 }],
  ])('%s is not there, and said so', async (_, name, changed) => {
    expect((await verify(name, withParameters(changed))).status).toBe('skipped');
  });
});

function inStep({ timesteps }: OfficialRun['params']): Json {
  return { alpha_index: timesteps };
}

function firstTwoExchanged({ draws }: OfficialRun['params']): Json {
  const [first, second] = draws.filter(({ tensor }) => tensor) as [Json, Json];
  const exchanged = new Map([
    [first, { ...first, tensor: second.tensor }],
    [second, { ...second, tensor: first.tensor }],
  ]);
  return { draws: draws.map((draw) => exchanged.get(draw) ?? draw) };
}
