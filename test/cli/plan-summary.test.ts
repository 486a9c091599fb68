import { describe, expect, it } from 'vitest';
import {
  duration,
  hindsight,
  parameterText,
  summarise,
  summaryTable,
} from '../../harness/cli/plan-summary.ts';
import type { Batch } from '../../harness/identity/refs.ts';
import { type Plan, rowKey } from '../../harness/plan/plan.ts';
import type { CellStatus } from '../../harness/store/records.ts';
import { exampleCell } from '../store/example.ts';

it('rounds durations to what a person needs', () => {
  expect([0.2, 89, 90, 660, 5399, 9000].map(duration)).toEqual([
    '1 s',
    '89 s',
    '2 min',
    '11 min',
    '90 min',
    '2.5 h',
  ]);
});

describe('the line that sums a plan up', () => {
  const items = ['a', 'b', 'c', 'd'].map((cellKey) => ({ id: cellKey, sha256: '', cellKey }));
  const plan = {
    name: 'trial',
    batches: [{ items } as unknown as Batch],
    notes: [],
    skipped: [],
    devices: [{ device: 'cpu', slots: 2 }],
  } as unknown as Plan;
  const line = (states: Record<string, CellStatus>) => summarise(plan, new Map(Object.entries(states)), 60);

  it('of a new experiment: all is to do', () => {
    expect(line({})).toBe('trial  4 cells: 0 cached, 4 to do, ~60 s on cpu x2');
  });

  it('tells cells that failed earlier from those that have a result', () => {
    expect(line({ a: 'done', b: 'failed', c: 'todo' })).toBe(
      'trial  4 cells: 1 cached, 1 failed earlier, 2 to do, ~60 s on cpu x2',
    );
  });

  it('stands behind what a person should know', () => {
    const noted = summarise({ ...plan, notes: ['p2l: with 1000 steps ...'] }, new Map(), 60);
    expect(noted.split('\n')[0]).toBe('note: p2l: with 1000 steps ...');
    expect(noted.split('\n')[1]).toMatch(/^trial {2}4 cells/);
  });

  it('has notes and skips broken at spaces where a terminal is narrow', () => {
    const setting = { task: 'deblurring' };
    const skipped = [{ method: { kind: 'baseline', name: 'ddnm' }, setting, reason: 'has no inverse' }];
    const report = { priors: [] };
    const told = { ...plan, notes: ['p2l: with 1000 steps'], skipped, report } as unknown as Plan;
    const lines = summarise(told, new Map(), 60, { columns: 20 }).split('\n');
    expect(lines.slice(0, 2)).toEqual(['note: p2l: with 1000', 'steps']);
    expect(lines.slice(2, 6)).toEqual(['skipped: ddnm', '(baseline) on', 'deblurring: has no', 'inverse']);
    expect(lines[6]).toMatch(/^trial {2}4 cells/);
  });

  it('needs no estimate where nothing is to do', () => {
    expect(line({ a: 'done', b: 'done', c: 'done', d: 'failed' })).toBe(
      'trial  4 cells: 3 cached, 1 failed earlier, 0 to do',
    );
  });
});

it('says how far off the last estimate was', () => {
  expect(hindsight({ estimatedSeconds: 30, seconds: 300 })).toBe(
    ' (the last run with these results was estimated at 30 s and took 5 min)',
  );
  expect(hindsight({ estimatedSeconds: null, seconds: 300 })).toBe('');
  expect(hindsight(null)).toBe('');
});

it('shows 50 rows of a large grid and counts the others', () => {
  const batches = Array.from({ length: 1234 }, (_, steps) => {
    const { method, setting } = exampleCell({ key: '', method: { params: { steps } } });
    return { key: `${steps}`, method, setting, items: [{ id: 'test/0', seed: 0, cellKey: `${steps}` }] };
  });
  const lines = summaryTable(
    { batches, rows: batches.map(rowKey), report: { priors: [] } } as unknown as Plan,
    new Map(),
    new Map(),
  ).split('\n');
  expect(lines.filter((line) => line.includes('p2l'))).toHaveLength(50);
  expect(lines.at(-1)).toBe('... and 1,184 more rows; --json has all');
});

it('says of a batch that it counts in several rows', () => {
  const [one, other, alone] = [0.5, 1, 2].map((stepSize) =>
    exampleCell({ key: '', method: { params: { stepSize } } }),
  ) as [ReturnType<typeof exampleCell>, ReturnType<typeof exampleCell>, ReturnType<typeof exampleCell>];
  const item = (cellKey: string) => ({ id: 'test/0', seed: 0, cellKey });
  const mixed = { ...one, key: 'a', items: [item('1'), { ...item('2'), method: other.method }] };
  const plan = {
    batches: [mixed, { ...alone, key: 'b', items: [item('3')] }],
    rows: [one, other, alone].map(rowKey),
    report: { priors: [] },
  } as unknown as Plan;
  const counts = summaryTable(plan, new Map(), new Map())
    .split('\n')
    .flatMap((line) => (line.includes('p2l') ? line.split('│')[6]!.trim() : []));
  expect(counts).toEqual(['1 (1 shared)', '1 (1 shared)', '1']);
});

it('shows parameters as reports do', () => {
  expect(parameterText({ factor: 8, noise: { poisson: 1 } })).toBe('factor 8, noise poisson 1');
  expect(parameterText({ prompt: { from: 'caption' }, nullPrompt: '', t: [0, 1] })).toBe(
    'prompt caption, nullPrompt "", t [0,1]',
  );
});
