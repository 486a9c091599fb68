import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadPlan } from '../../harness/plan/load.ts';
import { scheduleFromConfig, schedulerConfigSchema } from '../../harness/priors/schedule.ts';
import { fakes, folderWith } from '../config/fakes.ts';

const notes = async (steps: string, scheduler: Record<string, unknown>) => {
  const embedded = fakes.priors.get('embedded')!;
  const schedule = scheduleFromConfig(schedulerConfigSchema.parse(scheduler));
  const inspect = async (params: Record<string, unknown>) => ({
    ...(await embedded.inspect(params)),
    schedule,
  });
  const file = `name: trial
prior: embedded
data: { set: toyfaces, count: 1 }
tasks: [super-resolution, gaussian-deblurring]
solvers:
  - ldps: { steps: 50 }
  - p2l: { steps: ${steps} }
`;
  const registries = { ...fakes, priors: new Map([['embedded', { ...embedded, inspect }]]) };
  return (await loadPlan(join(folderWith({ 'e.yaml': file }), 'e.yaml'), registries)).notes;
};

it('a plan says, once a solver, that as many steps as the schedule has drop its offset', async () => {
  expect(await notes('[999, 1000]', { steps_offset: 1 })).toEqual([
    "p2l: with 1000 steps the prior's steps_offset of 1 is dropped (t = 999..0; diffusers would ask for t = 1000, which its schedule does not have)",
  ]);
});

it.each([
  ['fewer steps', '999', { steps_offset: 1 }],
  ['no offset', '1000', { steps_offset: 0 }],
  ['another spacing', '1000', { steps_offset: 1, timestep_spacing: 'trailing' }],
])('with %s there is nothing to say', async (_, steps, scheduler) => {
  expect(await notes(steps, scheduler)).toEqual([]);
});
