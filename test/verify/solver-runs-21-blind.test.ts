// Whole runs of BlindDPS against those of its official code: draws, times, measurement and networks given.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { Networks } from '../../harness/verify/network.ts';
import { type CaseResult, runCase } from '../../harness/verify/run-case.ts';
import { findCases } from '../../harness/verify/run-set.ts';

type Json = Record<string, unknown>;
interface Run extends Json {
  readonly name: string;
  readonly params: Json & { readonly timesteps: readonly number[]; readonly schedule: Json };
}

const { root, items } = findCases(
  fileURLToPath(new URL('../fixtures/21-solvers-plug-and-play', import.meta.url)),
);
const [{ folder, manifest }] = items as [(typeof items)[number]];
const runs = manifest!.cases as Run[];

let device: Device;
let networks: Networks;
beforeAll(async () => {
  device = await openDevice('cpu:1');
  networks = new Networks(root, device.constant);
});
afterAll(() => networks.dispose());

function verify(name: string, change: (run: Run) => Json = (run) => run): Promise<CaseResult> {
  const run = runs.find((candidate) => candidate.name === name)!;
  return runCase(change(run), { folder, manifest: manifest!, networks, assetFolders: [], device });
}
const withParams = (change: (params: Run['params']) => Json) => (run: Run) => ({
  ...run,
  params: { ...run.params, ...change(run.params) },
});

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
    [
      'the betas',
      'blinddps/turbulence',
      withParams(({ schedule }) => ({ schedule: { ...schedule, beta_end: 0.0202 } })),
    ],
    [
      "the kernel's noise",
      'blinddps/blur_l1',
      withParams(({ draws }) => ({ draws: swapped(draws as Json[]) })),
    ],
    ["the tilt's start", 'blinddps/turbulence', withOtherTilt],
  ])('%s', async (_, name, change) => {
    const { status, comparisons } = await verify(name, change);
    expect(status).toBe('failed');
    expect(comparisons.filter(({ pass }) => !pass).map((comparison) => comparison.name)).toContain(
      'kernel_states',
    );
  });
});

function oneTimeLater({ timesteps }: Run['params']): Json {
  return { timesteps: timesteps.with(4, timesteps[4]! - 1) };
}

/** The kernel's noise of the first two steps in each other's place. */
function swapped(draws: readonly Json[]): Json[] {
  const named = draws.map((draw, i) => ({ ...draw, tensor: `draws.${String(i).padStart(4, '0')}` }));
  return named.with(1, named[4]!).with(4, named[1]!);
}

/** The tilt's chain starts from the first step's noise. */
function withOtherTilt(run: Run): Json {
  return { ...run, bind: { x_T_tilt: 'draws.0002' } };
}
