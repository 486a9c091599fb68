// Whole runs of text-to-image samplers, against those of their official code: see solver-runs.test.ts.
import { describe, expect, it } from 'vitest';
import { officialRuns, withParameters, withParams } from './official-runs.ts';

const verify = officialRuns();

const RUNS = [
  'cfg/dpmpp_2m',
  'cfgpp/ddim',
  'cfgpp/euler_ancestral',
  'cfgpp/dpmpp_2s_ancestral',
  'cfgpp/dpmpp_2m',
];

it.each(RUNS)("%s: every state, estimate and the result are the official code's", async (name) => {
  const { status, reason, comparisons } = await verify(name);
  expect([status, reason]).toEqual(['passed', null]);
  expect(comparisons.map((comparison) => comparison.name)).toEqual(['x_final', 'x0_hats', 'states']);
});

describe('one constant that is another fails', () => {
  it.each([
    ['guidance, 5', 'cfg/dpmpp_2m', withParameters({ cfg_guidance: 4.9 })],
    ['guidance, 0.6', 'cfgpp/dpmpp_2m', withParameters({ cfg_guidance: 0.59 })],
    ['the guidance for the noise too, as in CFG', 'cfgpp/ddim', withParams(() => ({ method: 'cfg' }))],
    ['the unconditional noise, as in CFG++', 'cfg/dpmpp_2m', withParams(asCfgpp)],
    ['first order', 'cfgpp/dpmpp_2m', withParameters({ sampler: 'euler' })],
    ["the level of a step, shifted in the code's table", 'cfgpp/ddim', withParams(withoutShift)],
  ])('%s (%s)', async (_, name, change) => {
    const { status, reason, comparisons } = await verify(name, change);
    expect([status, reason]).toEqual(['failed', null]);
    expect(comparisons.filter(({ pass }) => !pass).map((comparison) => comparison.name)).toContain('states');
  });

  it('no fresh noise, where the code draws some', async () => {
    const { status, reason } = await verify('cfgpp/euler_ancestral', withParameters({ sampler: 'euler' }));
    expect(status).toBe('failed');
    expect(reason).toMatch(/^the solver left 5 draws/);
  });
});

function asCfgpp({ parameters }: { parameters: Record<string, unknown> }) {
  return { method: 'cfgpp', parameters: { ...parameters, cfg_guidance: 1 } };
}

function withoutShift({ timesteps, timesteps_next }: Record<string, unknown>) {
  const next = (timesteps_next as number[]).map((t) => Math.max(t, 0));
  return { alpha_index: timesteps, alpha_index_next: next };
}
