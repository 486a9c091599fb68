// Whole runs of BlindDPS against those of its official code: draws, times, measurement and networks given.
import { describe, expect, it } from 'vitest';
import { type Json, type OfficialRun, officialRuns, withParams, withSchedule } from './official-runs.ts';

const verify = officialRuns();

const picture = ['x_final', 'states', 'x0_hats'];
const kernel = ['kernel_final', 'kernel_states', 'kernel_x0_hats'];

it.each([
  ['blinddps/blur_l1', [...picture, ...kernel]],
  ['blinddps/turbulence', [...picture, ...kernel, 'tilt_final', 'tilt_states']],
])("%s: every state, estimate and result of every chain is the official code's", async (name, outputs) => {
  const { status, reason, comparisons } = await verify(name);
  expect([status, reason]).toEqual(['passed', null]);
  expect(comparisons.map((comparison) => comparison.name).sort()).toEqual([...outputs].sort());
});

describe('one constant that is another fails', () => {
  it.each([
    ['a time', 'blinddps/blur_l1', withParams(oneTimeLater)],
    ['the betas', 'blinddps/turbulence', withSchedule({ beta_end: 0.0202 })],
    ["the kernel's noise", 'blinddps/blur_l1', withParams(({ draws }) => ({ draws: swapped(draws) }))],
    ["the tilt's start", 'blinddps/turbulence', withOtherTilt],
  ])('%s', async (_, name, change) => {
    const { status, comparisons } = await verify(name, change);
    expect(status).toBe('failed');
    expect(comparisons.filter(({ pass }) => !pass).map((comparison) => comparison.name)).toContain(
      'kernel_states',
    );
  });
});

function oneTimeLater({ timesteps }: OfficialRun['params']): Json {
  return { timesteps: timesteps.with(4, timesteps[4]! - 1) };
}

/** The kernel's noise of the first two steps in each other's place. */
function swapped(draws: readonly Json[]): Json[] {
  const named = draws.map((draw, i) => ({ ...draw, tensor: `draws.${String(i).padStart(4, '0')}` }));
  return named.with(1, named[4]!).with(4, named[1]!);
}

/** The tilt's chain starts from the first step's noise. */
function withOtherTilt(run: OfficialRun): Json {
  return { ...run, bind: { x_T_tilt: 'draws.0002' } };
}
