/** What a plan makes of `report.tables`, and of the groups of its methods. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlan } from '../../harness/plan/load.ts';
import { fakes, folderWith } from '../config/fakes.ts';

const latent = fakes.priors.get('embedded')!;
const facts = { imageShape: [3, 8, 8] as const, weightsSha256: 'cd'.repeat(32), toy: true };
const known = {
  ...fakes,
  priors: new Map([
    ['sd', { ...latent, name: 'sd', inspect: async () => ({ ...facts, parts: ['autoencoder'] as const }) }],
    ['adm', { ...latent, name: 'adm', inspect: async () => ({ ...facts, parts: ['pixels'] as const }) }],
    ['unknown', { ...latent, name: 'unknown', inspect: async () => facts }],
  ]),
};

async function reportOf(prior: string, tables = '[]', solvers = '[{ ldps: {}, label: ours }, p2l]') {
  const text = `name: trial
prior: ${prior}
data: { set: toyfaces, count: 1 }
tasks: [super-resolution, gaussian-deblurring]
solvers: ${solvers}
report:
  tables: ${tables}
`;
  const { report } = await loadPlan(join(folderWith({ 'e.yaml': text }), 'e.yaml'), known);
  return report;
}

describe('the group of a method', () => {
  const groups = async (prior: string, solvers?: string) =>
    Object.values((await reportOf(prior, '[]', solvers)).groups ?? {});

  it.each([
    ['sd', ['latent', 'latent']],
    ['adm', ['pixel', 'pixel']],
    ['unknown', []],
  ])('is what its prior models: %s', async (prior, expected) => {
    expect(await groups(prior)).toEqual(expected);
  });

  it.each([
    ['classical without a network', {}, 'classical'],
    ['what its prior models with its autoencoder alone', { autoencoder: true as const }, 'latent'],
  ])('is %s', async (_, requires, expected) => {
    const one = { ...fakes.solvers.get('p2l')!, requires, passes: () => 0 };
    const solvers = new Map([...fakes.solvers, ['p2l', one]]);
    const file = join(
      folderWith({
        'e.yaml': `name: trial\nprior: sd\ndata: { set: toyfaces, count: 1 }\ntasks: [super-resolution]\nsolvers: [p2l]\n`,
      }),
      'e.yaml',
    );
    expect(Object.values((await loadPlan(file, { ...known, solvers })).report.groups!)).toEqual([expected]);
  });

  it('is what stands beside its name', async () => {
    expect(await groups('sd', '[{ ldps: {}, group: trained }, p2l]')).toEqual(['trained', 'latent']);
    await expect(groups('sd', '[{ ldps: {}, group: trainde }]')).rejects.toThrow(
      'e.yaml:5:30: group: unknown value "trainde", did you mean "trained"?',
    );
  });
});

describe('a table', () => {
  it('is kept as it is asked for', async () => {
    const { tables } = await reportOf(
      'sd',
      '[{ title: Ours, methods: [p2l, ours], tasks: [super-resolution] }]',
    );
    expect(tables).toEqual([
      {
        title: 'Ours',
        experiments: null,
        tasks: ['super-resolution'],
        metrics: null,
        methods: ['p2l', 'ours'],
        groups: true,
        intervals: false,
        footnotes: [],
      },
    ]);
  });

  it.each([
    ['[{ tasks: [gaussian-deblur] }]', '7:22: unknown task among this experiment\'s "gaussian-deblur"'],
    ['[{ metrics: [psrn] }]', '7:24: unknown metric among this experiment\'s "psrn"'],
    ['[{ methods: [our] }]', '7:24: unknown solver or label among this experiment\'s "our"'],
    ['[{ footnotes: [{ method: our, text: x }] }]', '7:36: unknown solver or label'],
    ['[{ methods: [] }]', '7:23: report.tables.0.methods: expected at least 1 entry, found an empty list'],
    ['[{ taks: [super-resolution] }]', '7:14: unknown key "taks"'],
    ['[{ experiments: [other], tasks: [deblurr] }]', '7:44: unknown task "deblurr"'],
  ])('%s is refused where it is wrong', async (tables, message) => {
    await expect(reportOf('sd', tables)).rejects.toThrow(message);
  });

  it('of other experiments may name methods that only they have', async () => {
    const { tables } = await reportOf('sd', '[{ experiments: [trial, other], methods: [theirs] }]');
    expect(tables[0]).toMatchObject({ experiments: ['trial', 'other'], methods: ['theirs'] });
  });
});
