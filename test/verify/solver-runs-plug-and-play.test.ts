// Whole runs of the plug-and-play solvers against those of their official code: draws, times and measurement given.
import { describe, expect, it } from 'vitest';
import { type Json, officialRuns, withParameters, withParams } from './official-runs.ts';

const verify = officialRuns();

it.each([
  ['diffpir/inpaint_box_noisy_repeat', ['x_final', 'states', 'x0_hats']],
  ['reddiff/phase_log', ['x_final', 'mu_final', 'states', 'x0_hats']],
  ['pgdm/sr4', ['x_final', 'states', 'x0_hats']],
  ['mpgd/gauss_eta0', ['x_final', 'states', 'x0_hats']],
])("%s: every state, estimate and the result are the official code's", async (name, outputs) => {
  const { status, reason, comparisons } = await verify(name);
  expect([status, reason]).toEqual(['passed', null]);
  expect(comparisons.map((comparison) => comparison.name)).toEqual(outputs);
});

describe('one constant that is another fails', () => {
  it.each<[string, string, Json]>([
    ["DiffPIR's lambda, 3", 'diffpir/inpaint_box_noisy_repeat', { lambda: 3.1 }],
    ['its zeta, 0.4', 'diffpir/inpaint_box_noisy_repeat', { zeta: 0.41 }],
    ['its eta, 0.6', 'diffpir/inpaint_box_noisy_repeat', { eta: 0.61 }],
    ['its start, 999', 'diffpir/inpaint_box_noisy_repeat', { t_start: 900 }],
    ["RED-diff's learning rate, 0.05", 'reddiff/phase_log', { lr: 0.0505 }],
    ['its lambda, 0.25', 'reddiff/phase_log', { grad_term_weight: 0.255 }],
    ['its weighting', 'reddiff/phase_log', { denoise_term_weight: 'linear' }],
    ['the epsilon of its Adam', 'reddiff/phase_log', { adam_eps: 1e-5 }],
    ["PiGDM's eta, 1", 'pgdm/sr4', { eta: 0.99 }],
    ['its scale, 1', 'pgdm/sr4', { grad_term_weight: 1.01 }],
    ['what it guides', 'pgdm/sr4', { awd: false }],
    ["MPGD's scale, 4", 'mpgd/gauss_eta0', { scale: 4.02 }],
  ])('%s', async (_, name, parameters) => {
    const { status, reason, comparisons } = await verify(name, withParameters(parameters));
    expect([status, reason]).toEqual(['failed', null]);
    expect(comparisons.filter(({ pass }) => !pass).map((comparison) => comparison.name)).toContain('states');
  });

  it.each<[string, string, Json]>([
    ["the measurement's noise, 0.1", 'diffpir/inpaint_box_noisy_repeat', { sigma_y: 0.11 }],
    ['the last time but one', 'mpgd/gauss_eta0', { timesteps: [875, 750, 625, 500, 375, 250, 124, 0] }],
    [
      'the blur, 1.5',
      'mpgd/gauss_eta0',
      {
        operator: {
          operator: 'gaussian_blur',
          kernel_size: 9,
          sigma: 1.51,
          truncate: 4,
          boundary: 'reflect',
          flip_kernel: false,
        },
      },
    ],
  ])('%s', async (_, name, changed) => {
    const { status, reason } = await verify(
      name,
      withParams(() => changed),
    );
    expect([status, reason]).toEqual(['failed', null]);
  });
});

it('a step that is walked less often leaves draws', async () => {
  const { status, reason } = await verify(
    'diffpir/inpaint_box_noisy_repeat',
    withParameters({ iter_num_U: 1 }),
  );
  expect(status).toBe('failed');
  expect(reason).toMatch(/^the solver left 2 draws/);
});

it.each([
  ['pgdm/sr4', { mcg: true }, 'params.parameters.mcg: found true'],
  ['mpgd/gauss_eta0', { variant: 'ae' }, 'params.parameters.variant: found "ae"'],
  ['reddiff/phase_log', { adam_betas: [0.9, 0.999] }, 'params.parameters.adam_betas.1: found 0.999'],
  ['diffpir/inpaint_box_noisy_repeat', { data_step: 'grad' }, 'params.parameters.data_step: found "grad"'],
])(
  '%s with what the solver does not do is skipped, and the reason shown',
  async (name, parameters, reason) => {
    const result = await verify(name, withParameters(parameters));
    expect(result.status).toBe('skipped');
    expect(result.reason).toContain(reason);
  },
);
