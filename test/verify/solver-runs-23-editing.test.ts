// Whole runs of the codes that edit and translate pictures, against those of their official code: see solver-runs.test.ts.
import { describe, expect, it } from 'vitest';
import { type Change, type OfficialRun, officialRuns, withParameters, withParams } from './official-runs.ts';

const verify = officialRuns();

const COMPOSITION = 'ebca/cacao';
const EDIT = 'ebca/realedit';
const BRIDGE = 'lsb/nfe8';
const DREAMSAMPLER = 'dreamsampler/edit';
const CFGPP = 'cfgpp/ddim_edit';

it.each([
  [COMPOSITION, ['edit_contexts_final', 'contexts', 'eps', 'states', 'x0_hats', 'x_final']],
  [EDIT, ['inversion_states', 'states', 'x_final']],
  [BRIDGE, ['network_inputs', 'network_timesteps', 'z_final', 'x_final']],
  [DREAMSAMPLER, ['x_final', 'x0_hats', 'states']],
  [CFGPP, ['x_final', 'x0_hats', 'states']],
])("%s: every state and the result are the official code's", async (name, outputs) => {
  const { status, reason, comparisons } = await verify(name);
  expect([status, reason]).toEqual(['passed', null]);
  expect(comparisons.map((comparison) => comparison.name)).toEqual(outputs);
});

describe('one constant that is another fails', () => {
  it.each([
    ["the prompt's step towards queries", COMPOSITION, withParameters({ gamma_attn: 0.011 }), 'contexts'],
    ["the prompt's step away from long keys", COMPOSITION, withParameters({ gamma_norm: 0.02 }), 'contexts'],
    ['the guidance', COMPOSITION, withParameters({ guidance_scale: 4.01 }), 'states'],
    ['the weight of what is added', COMPOSITION, edited(0, { alpha: 0.76 }), 'eps'],
    ['the weight of what is taken away', COMPOSITION, edited(1, { alpha: 0.51 }), 'eps'],
    ["a step of a composed prompt's", COMPOSITION, edited(1, { gamma_norm: 0.04 }), 'edit_contexts_final'],
    ['when it begins', COMPOSITION, edited(0, { gamma_tau: 0.75 }), 'edit_contexts_final'],
    ['when it has a weight', EDIT, edited(0, { alpha_tau: 0.5 }), 'states'],
    [
      'the first level of the way up',
      EDIT,
      withParams(({ timesteps }) => later(timesteps)),
      'inversion_states',
    ],
    ["the bridge's noise", BRIDGE, withParameters({ tau: 2.31 }), 'network_inputs'],
    ['where it begins', BRIDGE, withParameters({ t0: 0.21 }), 'network_timesteps'],
    ['the way between estimates', BRIDGE, withParameters({ scale: 11.1 }), 'network_inputs'],
    ['the last level', BRIDGE, withParameters({ final_index: 21 }), 'z_final'],
    ["DreamSampler's guidance", DREAMSAMPLER, withParameters({ cfg_guidance: 0.21 }), 'states'],
    ["CFG++'s lambda", CFGPP, withParameters({ cfg_guidance: 0.31 }), 'states'],
    ["CFG++'s lambda on the way up", CFGPP, withParameters({ inversion_cfg_guidance: 0.31 }), 'states'],
  ] satisfies [string, string, Change, string][])(
    '%s (%s)',
    { timeout: 60_000 },
    async (_, name, change, output) => {
      const { status, comparisons } = await verify(name, change);
      expect(status).toBe('failed');
      expect(comparisons.filter(({ pass }) => !pass).map((comparison) => comparison.name)).toContain(output);
    },
  );
});

it('whitening of another length leaves draws', async () => {
  const { status, reason } = await verify(
    EDIT,
    withParams(({ parameters }) => ({
      parameters: { ...parameters, inversion: { ...(parameters.inversion as object), num_reg_steps: 1 } },
    })),
  );
  expect([status, reason]).toEqual(['failed', expect.stringMatching(/left|shape|size/)]);
});

it.each([
  ['updates of the prompt itself while a picture is edited', EDIT, withParameters({ gamma_attn: 0.01 })],
  ['two prompts that are added', COMPOSITION, edited(1, { direction: 1 })],
])('%s: not there, and said so', async (_, name, change) => {
  expect((await verify(name, change)).status).toBe('skipped');
});

/** Another value of an editorial context. */
function edited(which: number, changed: object): Change {
  return withParams(({ parameters }) => ({
    parameters: {
      ...parameters,
      editing: (parameters.editing as object[]).map((one, i) => (i === which ? { ...one, ...changed } : one)),
    },
  }));
}

/** All times but the noisiest one step later. */
function later(timesteps: OfficialRun['params']['timesteps']) {
  const moved = timesteps.map((t, i) => (i === 0 ? t : t + 1));
  return { timesteps: moved, timesteps_next: [...moved.slice(1), -1] };
}
