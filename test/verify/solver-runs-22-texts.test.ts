// Whole runs of the solvers that take a text, against those of their official code: see solver-runs.test.ts.
import { describe, expect, it } from 'vitest';
import {
  type Change,
  type Json,
  type OfficialRun,
  officialRuns,
  withParameters,
  withParams,
} from './official-runs.ts';

const verify = officialRuns();
const bound =
  (bind: Json): Change =>
  (run) => ({ ...run, bind: { ...run.bind, ...bind } });

const NO_NEGATION = 'treg/sr4_no_an';
const NEGATION_AND_DPS = 'treg/deblur_gauss_dps';
const INPAINTING = 'dreamsampler/inpaint';

it.each([NO_NEGATION, NEGATION_AND_DPS, INPAINTING])(
  "%s: every state, estimate and the result are the official code's",
  async (name) => {
    const { status, reason, comparisons } = await verify(name);
    expect([status, reason]).toEqual(['passed', null]);
    expect(comparisons.map((comparison) => comparison.name)).toEqual(['x_final', 'x0_hats', 'states']);
  },
);

describe('one constant that is another fails', () => {
  it.each([
    ["TReg's guidance, 0", NO_NEGATION, withParameters({ cfg_guidance: 0.01 })],
    ['the weight of the estimate in a data step, 1e-4', NO_NEGATION, withParameters({ cg_lamb: 1e-3 })],
    ['an iteration of a data step, of five', NO_NEGATION, withParameters({ cg_iterations: 4 })],
    ['the rate of the negation, 5e-4', NEGATION_AND_DPS, withParameters({ null_lr: 6e-4 })],
    ['a step of the negation, of ten', NEGATION_AND_DPS, withParameters({ null_iterations: 9 })],
    ['no negation', NEGATION_AND_DPS, withParameters({ use_AN: false })],
    ['no gradient between data steps', NEGATION_AND_DPS, withParameters({ use_DPS: false })],
    ["DreamSampler's weight of the estimate", INPAINTING, withParameters({ cg_lamb: 5e-3 })],
    ['the text of the missing part', INPAINTING, bound({ c_target: 'c' })],
    ["the level of a step, shifted in the code's table", INPAINTING, withParams(withoutShift)],
  ])('%s (%s)', { timeout: 60_000 }, async (_, name, change) => {
    const { status, reason, comparisons } = await verify(name, change);
    expect([status, reason]).toEqual(['failed', null]);
    expect(comparisons.filter(({ pass }) => !pass).map((comparison) => comparison.name)).toContain('states');
  });

  it.each([
    ['more data steps', NO_NEGATION, withParameters({ data_step_every: 2 }), /^the solver draws more/],
    ['fewer', INPAINTING, withParameters({ data_step_every: 5 }), /^the solver left 2 draws/],
  ])('%s than the official code took', async (_, name, change, expected) => {
    const { status, reason } = await verify(name, change);
    expect(status).toBe('failed');
    expect(reason).toMatch(expected);
  });
});

it('a guidance of exactly 1, which the code takes for the null text alone, is skipped', async () => {
  const { status, reason } = await verify(NO_NEGATION, withParameters({ cfg_guidance: 1 }));
  expect(status).toBe('skipped');
  expect(reason).toMatch(/cfg_guidance/);
});

function withoutShift({ timesteps, timesteps_next }: OfficialRun['params']): Json {
  const next = (timesteps_next as number[]).map((t) => Math.max(t, 0));
  return { alpha_index: timesteps, alpha_index_next: next };
}
