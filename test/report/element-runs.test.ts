import { expect, it } from 'vitest';
import { elementsTogether } from '../../harness/report/element-runs.ts';
import { elementDevice } from '../../harness/store/element-device.ts';
import type { RunRow } from '../../harness/store/runs.ts';

const local: RunRow = {
  id: 1,
  started: '2026-11-28T00:00:00.000Z',
  ended: '2026-11-28T01:00:00.000Z',
  outcome: 'finished',
  ...{ commit: 'c', dirty: false, diffSha256: null },
  versions: { node: '20' },
  host: 'login',
  devices: ['cpu'],
  argv: ['run', 'example.yaml'],
};
const element = (job: number, index: number, facts: Partial<RunRow> = {}): RunRow => ({
  ...local,
  id: 100 * job + index,
  host: `n${index % 8}`,
  devices: [elementDevice('cuda:0', `${job}_${index}`)],
  ...facts,
});

it('a thousand elements of one array are one run', () => {
  const all = Array.from({ length: 1000 }, (_, index) =>
    element(12, index, { ended: `2026-11-28T02:00:00.${String(index).padStart(3, '0')}Z` }),
  );
  expect(elementsTogether([local, ...all])).toEqual([
    local,
    {
      ...all[0],
      ended: '2026-11-28T02:00:00.999Z',
      devices: ['cuda:0, 1000 elements of Slurm job 12'],
      host: '8 nodes: n0, n1, n2, n3, n4, n5 and 2 more',
    },
  ]);
});

it('with those that went on with what others have left; two lives of one element are one element', () => {
  const [run, ...others] = elementsTogether([
    element(12, 0, { outcome: 'interrupted' }),
    element(12, 1, { outcome: null, ended: null }),
    element(12, 1),
    element(13, 0),
  ]);
  expect(others).toEqual([]);
  expect(run).toMatchObject({
    devices: ['cuda:0, 3 elements of Slurm jobs 12, 13'],
    host: '2 nodes: n0, n1',
    ...{ ended: null, outcome: null },
  });
});

it.each<[string, Partial<RunRow>]>([
  ['code', { commit: 'd' }],
  ['versions', { versions: { node: '22' } }],
  ['devices', { devices: [elementDevice('cpu', '12_1')] }],
  ['commands', { argv: ['retry', 'example.yaml'] }],
])('not where their %s differ, nor where there is one', (_, facts) => {
  const runs = [element(12, 0), element(12, 1, facts)];
  expect(elementsTogether(runs)).toEqual(runs);
});
