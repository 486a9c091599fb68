// Whole runs of the inversions, up and down again, against those of their official code: see solver-runs.test.ts.
import { describe, expect, it } from 'vitest';
import { type Change, officialRuns, withParameters, withParams } from './official-runs.ts';

const verify = officialRuns();

const DDIM = 'ddim_inversion/cfg_both_vae';
const NULL_TEXT = 'null_text/vae';
const EDICT = 'edict/strength_08';
const FIXED_POINT = 'fixed_point/fpi_cfg';
const RNRI = 'rnri/two_iterations';
const RENOISE = 'renoise/euler_turbo';
const CFGPP = 'cfgpp/ddim_inversion';

it.each([
  [DDIM, ['z_0', 'inversion_states', 'inversion_x0_hats', 'states', 'x0_hats', 'x_final']],
  [
    NULL_TEXT,
    ['z_0', 'pivots', 'null_embeddings', 'losses', 'inner_steps', 'states', 'states_without', 'x_final'],
  ],
  [
    EDICT,
    ['inversion_updates', 'inverted_pair', 'reconstruction_pair', 'edit_updates', 'edit_pair', 'x_final'],
  ],
  [FIXED_POINT, ['states', 'scores', 'reconstruction_states', 'x_final']],
  [RNRI, ['states', 'iterates', 'scores', 'best_iteration', 'edit_states', 'x_final']],
  [RENOISE, ['states', 'iterate_counts', 'noise_list', 'reconstruction_states', 'x_final']],
  [CFGPP, ['x_final', 'x0_hats', 'states']],
])("%s: the way up, the way down and the result are the official code's", async (name, outputs) => {
  const { status, reason, comparisons } = await verify(name);
  expect([status, reason]).toEqual(['passed', null]);
  expect(comparisons.map((comparison) => comparison.name)).toEqual(outputs);
});

describe('one constant that is another fails', () => {
  it.each([
    ['guidance on the way up', DDIM, withParameters({ guidance_inversion: 2.01 }), 'inversion_states'],
    ['guidance on the way down', DDIM, withParameters({ guidance_reconstruction: 2.01 }), 'states'],
    ['the first level', DDIM, withParams(oneTimeLater), 'states'],
    ["null-text's rate", NULL_TEXT, withParameters({ learning_rate: 0.0101 }), 'null_embeddings'],
    ["null-text's guidance", NULL_TEXT, withParameters({ guidance_scale: 4.01 }), 'losses'],
    ['where null-text stops', NULL_TEXT, withParameters({ early_stop_epsilon: 10 }), 'inner_steps'],
    ["EDICT's mixing", EDICT, withParameters({ mix_weight: 0.931 }), 'inverted_pair'],
    ['EDICT without turns', EDICT, withParameters({ leapfrog_steps: false }), 'edit_pair'],
    ["EDICT's guidance", EDICT, withParameters({ guidance_scale: 3.01 }), 'edit_pair'],
    ['an iteration less', FIXED_POINT, withParameters({ num_iter: 2 }), 'states'],
    ["RNRI's alpha", RNRI, withParameters({ alpha: 0.11 }), 'scores'],
    ["RNRI's guidance of the edit", RNRI, withParameters({ edit_guidance_scale: 1.21 }), 'edit_states'],
    ['no correction of noise', RENOISE, withParameters({ perform_noise_correction: false }), 'noise_list'],
    ["CFG++'s lambda up", CFGPP, withParameters({ inversion_cfg_guidance: 0.41 }), 'states'],
    ["CFG++'s lambda down", CFGPP, withParameters({ cfg_guidance: 0.41 }), 'states'],
  ] satisfies [string, string, Change, string][])('%s', async (_, name, change, output) => {
    const { status, reason, comparisons } = await verify(name, change);
    expect(comparisons.filter(({ pass }) => !pass).map((c) => c.name)).toContain(output);
    expect([status, reason]).toEqual(['failed', null]);
  });

  it.each([
    ['no average', withParameters({ average_latent_estimations: false }), /^the solver draws more/],
    [
      'no regularisation',
      withParameters({ noise_regularization_num_reg_steps: 0 }),
      /^the solver left \d+ draws/,
    ],
  ])('%s takes other draws than the official code', async (_, change, expected) => {
    const { status, reason } = await verify(RENOISE, change);
    expect(status).toBe('failed');
    expect(reason).toMatch(expected);
  });
});

/** The last time of the way down, which is the first of the way up. */
function oneTimeLater({ timesteps }: { readonly timesteps: readonly number[] }) {
  return { timesteps: timesteps.map((t, i) => (i === timesteps.length - 1 ? t + 1 : t)) };
}
