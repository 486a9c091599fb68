import { expect, it } from 'vitest';
import { changeText, configChanges } from '../../../harness/report/compare/config-changes.ts';

const before = {
  data: { set: 'toyfaces', count: 8 },
  tasks: ['denoising'],
  solvers: [{ ldps: { steps: 50 } }, 'psld', { ldps: { steps: 60 }, label: 'more' }],
  metrics: ['psnr', 'ssim'],
  report: { charts: [{ x: 'ldps.steps', y: ['psnr'] }] },
};

function texts(after: Record<string, unknown>): string[] {
  return configChanges(before, after).map(changeText);
}

it.each([
  ['a value', { data: { set: 'toyfaces', count: 1 } }, ['data.count 8 -> 1']],
  ['a list of plain values', { metrics: ['psnr'] }, ['metrics ["psnr","ssim"] -> ["psnr"]']],
  ['a value that stood there not', { seeds: [1, 2] }, ['seeds [1,2] added']],
  [
    'a list of mappings',
    { report: {} },
    ['report.charts.1.x ldps.steps removed', 'report.charts.1.y ["psnr"] removed', 'report added'],
  ],
  [
    "an entry's parameter, by the solver's name, and the second of the name",
    { solvers: [{ ldps: { steps: 100 } }, 'psld', { ldps: { steps: 60 }, label: 'most' }] },
    ['solvers.ldps.steps 50 -> 100', 'solvers.ldps#2.label more -> most'],
  ],
  [
    'what stands beside a name, before it or behind',
    { solvers: [{ draws: 8, ldps: { steps: 50 } }, { psld: {}, group: 'ours' }, before.solvers[2]] },
    ['solvers.ldps.draws 8 added', 'solvers.psld.group ours added'],
  ],
  [
    'an entry',
    { solvers: [{ ldps: { steps: 50 } }, { label: 'more', ldps: { steps: 60 } }, 'dps'] },
    ['solvers.psld removed', 'solvers.dps added'],
  ],
])('names %s', (_, changed, expected) => {
  expect(texts({ ...before, ...changed })).toEqual(expected);
});

it('says nothing of equal files', () => {
  expect(texts(structuredClone(before))).toEqual([]);
});
