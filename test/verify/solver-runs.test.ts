// Whole runs of the registered solvers against those of their official code: draws, times and measurement given.
import { describe, expect, it } from 'vitest';
import {
  type Json,
  type OfficialRun,
  officialRuns,
  withOperator,
  withParameters,
  withParams,
  withSchedule,
} from './official-runs.ts';

const verify = officialRuns();

/** SDEdit's code has no estimate of the clean picture. */
const outputs = (name: string) =>
  name.startsWith('sdedit/') ? ['x_final', 'states'] : ['x_final', 'states', 'x0_hats'];

it.each([
  'dps/super_resolution4',
  'dps/inpainting_box',
  'dps/super_resolution4_poisson',
  'ddnm/average4',
  'ddnm/inpainting_time_travel',
  'ddnm/colorization',
  'ddrm/bicubic4',
  'ddnm_plus/average4',
  'ilvr/down4',
  'sdedit/masked',
])("%s: every state, estimate and the result are the official code's", async (name) => {
  const { status, reason, comparisons } = await verify(name);
  expect([status, reason]).toEqual(['passed', null]);
  expect(comparisons.map((comparison) => comparison.name)).toEqual(outputs(name));
});

describe('one constant that is another fails', () => {
  it.each([
    ["DPS's zeta, 0.3", 'dps/super_resolution4', withParameters({ scale: 0.303 })],
    ['a time', 'dps/super_resolution4', withParams(oneTimeLater)],
    ["DPS's distance", 'dps/super_resolution4', withParams(() => ({ noise: 'poisson' }))],
    ['the betas', 'dps/inpainting_box', withSchedule({ beta_end: 0.0202 })],
    ["DDNM's eta, 0.85", 'ddnm/average4', withParameters({ eta: 0.84 })],
    ["DDRM's eta, 0.85", 'ddrm/bicubic4', withParameters({ eta: 0.84 })],
    ["DDRM's eta_b, 1", 'ddrm/bicubic4', withParameters({ etaB: 0.99 })],
    ['the noise of y', 'ddrm/bicubic4', withParams(() => ({ sigma_y: 0.102 }))],
    ["the operator's border", 'ddrm/bicubic4', withOperator({ boundary: 'reflect' })],
    ["DDNM+'s eta, 0.85", 'ddnm_plus/average4', withParameters({ eta: 0.84 })],
    ['the noise of y', 'ddnm_plus/average4', withParams(() => ({ sigma_y: 0.102 }))],
    ["DDNM+ without its noise's share", 'ddnm_plus/average4', withParameters({ variant: 'ddnm' })],
    ["the operator's kernel", 'ilvr/down4', withOperator({ a: -0.6 })],
    ["the operator's border", 'ilvr/down4', withOperator({ boundary: 'reflect' })],
    ['a time', 'ilvr/down4', withParams(oneTimeLater)],
    ['a beta', 'sdedit/masked', withSchedule({ beta_start: 0.00101 })],
    ['the betas', 'sdedit/masked', withSchedule({ beta_end: 0.202 })],
    ["the operator's weights", 'ddnm/colorization', withOperator({ weights: [0.299, 0.587, 0.114] })],
  ])('%s', async (_, name, change) => {
    const { status, reason, comparisons } = await verify(name, change);
    expect([status, reason]).toEqual(['failed', null]);
    expect(comparisons.filter(({ pass }) => !pass).map((comparison) => comparison.name)).toContain('states');
  });

  it.each([
    ['fewer', 'dps/super_resolution4', withParams(dropLastStep), /^the solver left 1 draws/],
    ['more', 'ddnm/colorization', withParams(dropFirstDraw), /^the solver draws more/],
    [
      'fewer (one step less is refined)',
      'ilvr/down4',
      withParameters({ range_t: 3 }),
      /^the solver left 1 draws/,
    ],
    ['more (one noise level more)', 'sdedit/masked', withParameters({ t: 6 }), /^the solver draws more/],
    [
      'fewer (one repeat less)',
      'sdedit/masked',
      withParameters({ sample_step: 1 }),
      /^the solver left 5 draws/,
    ],
  ])('%s draws than the official code took', async (_, name, change, expected) => {
    const { status, reason } = await verify(name, change);
    expect(status).toBe('failed');
    expect(reason).toMatch(expected);
  });
});

function oneTimeLater({ timesteps }: OfficialRun['params']): Json {
  return { timesteps: timesteps.with(5, timesteps[5]! - 1) };
}

function dropLastStep({ timesteps, timesteps_next }: OfficialRun['params']): Json {
  const next = (timesteps_next as number[]).slice(0, -1);
  return { timesteps: timesteps.slice(0, -1), timesteps_next: next.with(-1, -1) };
}

function dropFirstDraw({ draws }: OfficialRun['params']): Json {
  return { draws: (draws as Json[]).slice(1) };
}
