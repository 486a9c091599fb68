/** What an experiment's `exclude` leaves out of its grid. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { registries } from '../../harness/cli/registries.ts';
import { UserError } from '../../harness/errors.ts';
import { loadPlan } from '../../harness/plan/load.ts';
import { loadTuning } from '../../harness/tuning/load.ts';
import { fakes, folderWith } from '../config/fakes.ts';

const latent = fakes.priors.get('embedded')!;
const facts = { imageShape: [3, 8, 8] as const, weightsSha256: 'cd'.repeat(32), toy: true };
const known = {
  ...fakes,
  priors: new Map([
    [
      'latent',
      {
        ...latent,
        name: 'latent',
        inspect: async () => ({ ...facts, parts: ['autoencoder', 'text'] as const }),
      },
    ],
    ['pixel', { ...latent, name: 'pixel', inspect: async () => ({ ...facts, parts: ['pixels'] as const }) }],
  ]),
};

const fileOf = (exclude: string, solvers: string) =>
  join(
    folderWith({
      'e.yaml': `name: trial
priors: { sd: latent, adm: pixel }
data: { set: toyfaces, count: 1 }
tasks:
  - super-resolution: { factor: [4, 8] }
  - gaussian-deblurring
solvers: ${solvers}
exclude: ${exclude}
tune: { budget: 100, search: { ldps: { latentStep: [1, 2] } } }
`,
    }),
    'e.yaml',
  );

const SOLVERS = '[{ ldps: { steps: [5, 6] }, prior: sd }, { p2l: { steps: 7 }, prior: [sd, adm] }]';

/** The rows: task, its factor, method, its steps, its prior; and the plan's notes. */
async function planOf(exclude: string, solvers = SOLVERS) {
  const { batches, notes } = await loadPlan(fileOf(exclude, solvers), known);
  const rows = batches.map(({ setting, method: { name, params, prior } }) =>
    [setting.params.factor ?? 'blur', name, params.steps ?? [], prior?.name ?? []].flat().join(' '),
  );
  return { rows, notes };
}

const everything = (await planOf('[]')).rows;
const leftOut = async (exclude: string) => {
  const { rows, notes } = await planOf(exclude);
  expect(everything).toEqual(expect.arrayContaining(rows));
  return { rows: everything.filter((row) => !rows.includes(row)), notes };
};

describe('exclude leaves out', () => {
  it.each([
    ['a solver', '{ solver: ldps }', (row: string) => row.includes('ldps')],
    [
      'a solver on a task',
      '{ solver: ldps, task: gaussian-deblurring }',
      (row: string) => row.startsWith('blur ldps'),
    ],
    ['a solver with a prior', '[{ solver: p2l, prior: adm }]', (row: string) => row.includes('p2l 7 pixel')],
    ['a prior', '{ prior: adm }', (row: string) => row.includes('pixel')],
    [
      'a solver with a parameter',
      '{ solver: ldps, params: { steps: 5 } }',
      (row: string) => / ldps 5/.test(row),
    ],
    [
      'each of several values',
      '{ solver: ldps, params: { steps: { from: 5, to: 7, count: 3 }, latentStep: 1 } }',
      (row: string) => row.includes('ldps'),
    ],
    [
      'a solver on one point of a task',
      '{ solver: p2l, task: super-resolution, taskParams: { factor: 4 } }',
      (row: string) => row.startsWith('4 p2l'),
    ],
    [
      'a point of a task, with its baseline',
      '{ task: super-resolution, taskParams: { factor: 4, noise: 0.01 } }',
      (row: string) => row.startsWith('4 '),
    ],
    [
      'what any of several rules means, once',
      '[{ solver: ldps }, { solver: ldps, params: { steps: 5 } }, { task: gaussian-deblurring }]',
      (row: string) => row.includes('ldps') || row.startsWith('blur'),
    ],
  ])('%s', async (_, exclude, is) => {
    const { rows, notes } = await leftOut(exclude);
    expect(rows).toEqual(everything.filter(is));
    expect(notes).toEqual([`exclude leaves out ${rows.length} methods`]);
  });

  it('what would be skipped, by a default that is written nowhere; nothing is said of it then', async () => {
    const own = { ...known, solvers: registries.solvers };
    const skippedOf = async (exclude: string) => {
      const { skipped, notes } = await loadPlan(fileOf(exclude, '[{ ldps: {}, prior: [sd, adm] }]'), own);
      return { priors: [...new Set(skipped.map(({ method }) => method.prior?.name))], notes };
    };
    expect(await skippedOf('[]')).toEqual({ priors: ['pixel'], notes: [] });
    expect(await skippedOf('{ solver: ldps, prior: adm, params: { steps: 1000 } }')).toEqual({
      priors: [],
      notes: ['exclude leaves out 0 methods'],
    });
  });
});

it.each([
  ['{ solver: lpds }', `8:20: unknown solver among this experiment's "lpds": did you mean "ldps"?`],
  [
    '{ task: blur }',
    `8:18: unknown task among this experiment's "blur": expected one of super-resolution, gaussian-deblurring`,
  ],
  ['{ prior: admm }', `8:19: unknown prior among this experiment's "admm": did you mean "adm"?`],
  ['{ solvr: ldps }', '8:12: unknown key "solvr" of exclude: did you mean "solver"?'],
  [
    '{ solver: ldps, params: { stepz: 5 } }',
    '8:36: unknown parameter of ldps "stepz": did you mean "steps"?',
  ],
  ['{ solver: ldps, params: { steps: ten } }', '8:43: ldps.steps: expected a whole number, found "ten"'],
  ['{ solver: ldps, params: {} }', '8:34: exclude: expected parameters of ldps, found an empty mapping'],
  ['{ params: { steps: 5 } }', '8:20: exclude: params without a solver to which they belong'],
  [
    '{ solver: ldps, taskParams: { std: 5 } }',
    '8:38: exclude: taskParams without a task to which they belong',
  ],
  ['{}', '8:10: exclude: expected a solver, a task or a prior, found an empty mapping'],
  ['[{ solver: ldps, prior: adm }]', '8:11: exclude: matches no method of this experiment'],
  [
    '[{ solver: p2l }, { solver: ldps, params: { steps: 50 } }, { solver: ldps, prior: adm }]',
    '8:28: exclude: matches no method of this experiment\n8:69: exclude: matches no method of this experiment',
  ],
  ['[{ task: super-resolution }, { task: gaussian-deblurring }]', '8:11: exclude: leaves no task'],
])('refuses exclude: %s', async (exclude, message) => {
  const error = await planOf(exclude).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message.replaceAll(/[^\n]*e\.yaml:/g, '')).toBe(message);
});

it('says what is wrong in it beside what is wrong elsewhere', async () => {
  const error = await planOf('{ solver: lpds }', '[{ ldps: { stepz: 5 } }, p2l]').catch(
    (reason: Error) => reason,
  );
  expect((error as Error).message.split('\n')).toEqual([
    expect.stringContaining('unknown key "stepz" of ldps'),
    expect.stringContaining('unknown solver among this experiment\'s "lpds"'),
  ]);
});

it('a search leaves out what is excluded, and minds no rule for other methods', async () => {
  const rules = '[{ solver: ldps, task: gaussian-deblurring }, { solver: p2l, prior: adm }]';
  const file = fileOf(rules, '[{ ldps: { steps: 5 }, prior: sd }, { p2l: {}, prior: [sd, adm] }]');
  const { searches } = await loadTuning(file, known, [], () => null);
  expect(searches.map(({ task, solver }) => [task.task.name, task.params.factor, solver.name])).toEqual([
    ['super-resolution', 4, 'ldps'],
    ['super-resolution', 8, 'ldps'],
  ]);
});
