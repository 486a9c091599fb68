// Whole runs of DAPS, in pixels and in latents, and of ProjDiff against those of their official codes: see solver-runs.test.ts.
import { describe, expect, it } from 'vitest';
import { officialRuns, withParameters, withParams, withSchedule } from './official-runs.ts';

const verify = officialRuns();

const METROPOLIS = 'daps/hdr_mh';
const LATENT = 'daps/ldm_hdr_langevin';
const NOISY = 'projdiff/hdr_noisy';
const PHASE = 'projdiff/phase_noiseless';

it.each([METROPOLIS, LATENT, NOISY, PHASE])(
  "%s: every state, estimate and the result are the official code's",
  async (name) => {
    const { status, reason, comparisons } = await verify(name);
    expect([status, reason]).toEqual(['passed', null]);
    expect(comparisons.map((comparison) => comparison.name).sort()).toEqual(['states', 'x0_hats', 'x_final']);
  },
);

describe('one constant that is another fails', () => {
  it.each([
    ["DAPS's proposals, 0.0012", METROPOLIS, withParameters({ lr: 0.00125 })],
    ['what is left of them, 0.3', METROPOLIS, withParameters({ lr_min_ratio: 0.32 })],
    ['the noise that the chain assumes, 1', METROPOLIS, withParameters({ tau: 0.3 })],
    ['the time of a noise level', METROPOLIS, withSchedule({ beta_d: 19.8 })],
    ['where the ODE ends, 0.001', LATENT, withParameters({ ode_sigma_min: 0.0012 })],
    ['the first level, 10', LATENT, withParameters({ sigma_max: 10.01 })],
    ['the last, 0.1, which is not visited', LATENT, withParameters({ sigma_min: 0.101 })],
    ["Langevin's step size, 2e-5", LATENT, withParameters({ lr: 2.01e-5 })],
    ['the gradient that is cut at 1', LATENT, withParameters({ gradient_clip: 0.9 })],
    ["ProjDiff's step, 0.8", NOISY, withParameters({ lr: 0.801 })],
    ['the noise of y, 0.6', NOISY, withParams(() => ({ sigma_y: 0.601 }))],
    ['the betas', NOISY, withSchedule({ beta_end: 0.0201 })],
    ['the step in phase retrieval, 1.3', PHASE, withParameters({ lr: 1.301 })],
    ['one projection instead of two', PHASE, withParameters({ variant: 'noiseless' })],
  ])('%s', async (_, name, change) => {
    const { status, reason, comparisons } = await verify(name, change);
    expect([status, reason]).toEqual(['failed', null]);
    expect(comparisons.filter(({ pass }) => !pass).map((comparison) => comparison.name)).toContain('states');
  });

  it('a normal number where the code drew a uniform one', async () => {
    const swapped = withParams(({ draws }) => ({ draws: [draws[0]!, draws[2]!, ...draws.slice(2)] }));
    const { status, reason } = await verify(METROPOLIS, swapped);
    expect(status).toBe('failed');
    expect(reason).toMatch(/is uniform; the solver asks for a normal one/);
  });
});
