/** What a plan makes of `draws` beside a solver's name. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlan } from '../../harness/plan/load.ts';
import type { Registries } from '../../harness/plan/registries.ts';
import { loadTuning } from '../../harness/tuning/load.ts';
import { fakes, folderWith } from '../config/fakes.ts';

const textOf = (solvers: string, rest = '') => `name: trial
prior: embedded
data: { set: toyfaces, count: 1 }
tasks: [super-resolution]
solvers: ${solvers}
${rest}`;

const planOf = (solvers: string, rest = '', known: Registries = fakes) =>
  loadPlan(join(folderWith({ 'e.yaml': textOf(solvers, rest) }), 'e.yaml'), known);

const solved = async (solvers: string) =>
  (await planOf(solvers)).batches.filter(({ method }) => method.kind === 'solver');

describe('the mean of several draws', () => {
  it('is a method of its own, which costs as many times what a draw does', async () => {
    const [single, mean] = await solved('[{ ldps: { steps: 50 } }, { ldps: { steps: 50 }, draws: 8 }]');
    expect(mean!.method.params).toEqual({ ...single!.method.params, meanOfDraws: 8 });
    expect(mean!.items[0]!.cellKey).not.toBe(single!.items[0]!.cellKey);
    expect([single!.passes, mean!.passes]).toEqual([50, 400]);
  });

  it('changes no key of what is drawn once', async () => {
    const [single] = await solved('[{ ldps: { steps: 50 } }]');
    expect(single!.items[0]!.cellKey).toBe(
      '6adb51cd8e7d29576f919ecaa0dad8ae86d3cf8fe5b552a0ac601045707e6551',
    );
    const [one] = await solved('[{ ldps: { steps: 50 }, draws: 1 }]');
    expect(one!.key).toBe(single!.key);
  });

  it('is called by its name in tables', async () => {
    const tables = (name: string) => `report: { tables: [{ methods: ['${name}'] }] }`;
    const solvers = '[{ ldps: {}, draws: 4 }, { p2l: {}, label: ours, draws: 2 }]';
    await planOf(solvers, tables('ldps, mean of 4 draws'));
    await planOf(solvers, tables('ours, mean of 2 draws'));
    await expect(planOf(solvers, tables('ldps, mean of 3 draws'))).rejects.toThrow(
      'did you mean "ldps, mean of 4 draws"?',
    );
  });

  it('has the parameters that are tuned for a single draw', async () => {
    const tune = 'tune: { budget: 100000, search: { ldps: { latentStep: [1, 2] } } }\n';
    const file = join(folderWith({ 'e.yaml': textOf('[ldps, { ldps: {}, draws: 8 }]', tune) }), 'e.yaml');
    const { plan, searches } = await loadTuning(file, fakes, [], () => null);
    expect(searches).toHaveLength(1);
    const tried = plan.batches.filter(({ method }) => method.kind === 'solver');
    expect(tried.map(({ method }) => method.params.meanOfDraws)).toEqual([undefined, undefined]);
  });
});

describe('draws that are refused, with their place', () => {
  it.each([
    ['[{ ldps: {}, draws: 0 }]', '5:30: draws: expected at least 1, found 0'],
    ['[{ ldps: {}, draws: many }]', '5:30: draws: expected a whole number, found "many"'],
    ['[{ ldps: { draws: 8 } }]', "5:21: draws stands beside a solver's name, not among its parameters"],
  ])('%s', async (solvers, message) => {
    await expect(planOf(solvers)).rejects.toThrow(message);
  });

  it('of a method that draws nothing', async () => {
    const classical = { ...fakes.solvers.get('p2l')!, passes: () => 0 };
    const known = { ...fakes, solvers: new Map([['p2l', classical]]) };
    await expect(planOf('[{ p2l: {}, draws: 2 }]', '', known)).rejects.toThrow(
      '5:29: draws: p2l asks no network and draws nothing at random; expected no draws beside it',
    );
  });

  it('of a method whose results have no mean', async () => {
    const labels = { ...fakes.solvers.get('p2l')!, solves: 'blind' as const };
    const task = { ...fakes.tasks.get('super-resolution')!, kind: 'blind' as const };
    const known = {
      ...fakes,
      solvers: new Map([['p2l', labels]]),
      tasks: new Map([['super-resolution', task as never]]),
    };
    await expect(planOf('[{ p2l: {}, draws: 2 }]', 'metrics: [psnr]\n', known)).rejects.toThrow(
      'draws: p2l is a method to restore blindly, whose results have no mean',
    );
  });
});
