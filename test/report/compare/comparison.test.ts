import { describe, expect, it } from 'vitest';
import { registries } from '../../../harness/cli/registries.ts';
import { compare, sharesNumbers } from '../../../harness/report/compare/comparison.ts';
import { comparisonFormats, comparisonText } from '../../../harness/report/compare/formats.ts';
import { fromStore } from '../../../harness/report/from-store.ts';
import type { CellRecord } from '../../../harness/store/records.ts';
import { registerExperiment } from '../../../harness/store/register.ts';
import { saveSolution, startRun } from '../../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleRun,
  exampleSolution,
  temporaryStore,
} from '../../store/example.ts';

type Overrides = Parameters<typeof exampleCell>[0];

/** One cell a value, of pictures 0, 1, ... */
function cells(name: string, values: readonly number[], of: Partial<Overrides> = {}): [CellRecord, number][] {
  return values.map((value, i) => [
    exampleCell({ key: `${name}-${i}`, item: `test/${i}`, method: { name, title: name }, ...of }),
    value,
  ]);
}

function sourceOf(name: string, scored: readonly [CellRecord, number][]) {
  const store = temporaryStore();
  registerExperiment(
    store,
    exampleExperiment(
      scored.map(([cell]) => cell),
      { name },
    ),
  );
  const run = startRun(store, name, exampleRun);
  for (const [cell, value] of scored) {
    const scores = [{ metric: 'psnr', version: 1, protocol: { range: 255 }, value }];
    saveSolution(store, run, exampleSolution(cell, { scores }));
  }
  return fromStore(store, name, registries, new Date(0));
}

const ldps = (steps: number) => ({ method: { name: 'ldps', title: 'LDPS', params: { steps } } });

describe('two experiments', () => {
  function compared() {
    const first = sourceOf('before', [...cells('ldps', [10, 20, 30], ldps(50)), ...cells('psld', [1, 1, 1])]);
    const second = sourceOf(
      'after',
      [...cells('ldps', [11, 22], ldps(100)), ...cells('dps', [7, 7])].reverse(),
    );
    const comparison = compare(
      { source: first, config: { solvers: [{ ldps: { steps: 50 } }, 'psld'] } },
      { source: second, config: { solvers: [{ ldps: { steps: 100 } }, 'dps'] } },
    );
    return { first, comparison };
  }

  it('say in a line that nothing differs', () => {
    const [first, second] = ['before', 'after'].map((name) =>
      sourceOf(name, cells('ldps', [10, 20, 30], ldps(50))),
    );
    const config = { solvers: [{ ldps: { steps: 50 } }] };
    const of = (changed: object) =>
      compare({ source: first!, config }, { source: second!, config: { ...config, ...changed } });
    for (const text of [
      comparisonText(of({})),
      ...Object.values(comparisonFormats).map(({ render }) => render(of({}))),
    ]) {
      expect(text).toContain('nothing differs: no key of the file, no method, no number');
      expect(text).not.toContain('10.00');
    }
    const other = comparisonText(of({ batch: 1 }));
    expect(other).not.toContain('nothing differs');
    expect(other).toContain('no number differs on ');
  });

  it('differ in what their files say', () => {
    const { comparison } = compared();
    expect(comparison.changes).toEqual([
      { key: 'solvers.ldps.steps', before: 50, after: 100 },
      { key: 'solvers.psld', before: {}, after: undefined },
      { key: 'solvers.dps', before: undefined, after: {} },
    ]);
  });

  it('are compared by method over the pictures and seeds that both have, with what differs in the method', () => {
    const { comparison } = compared();
    const [setting, ...others] = comparison.settings;
    expect(others).toEqual([]);
    expect(setting!.methods).toMatchObject([
      {
        label: 'LDPS',
        changes: ['steps 50 -> 100'],
        numbers: [{ first: 15, second: 16.5, difference: { mean: 1.5, low: 1, high: 2, images: 2 } }],
      },
    ]);
    expect(setting).toMatchObject({ onlyFirst: ['psld'], onlySecond: ['dps'] });
  });

  it('read the same in every output', () => {
    const { comparison } = compared();
    const outputs = [
      comparisonText(comparison),
      ...Object.values(comparisonFormats).map(({ render }) => render(comparison)),
    ];
    for (const output of outputs) {
      for (const part of ['before', 'LDPS', '+1.50 ± 0.50', 'only in before: psld', 'only in after: dps'])
        expect(output).toContain(part);
      expect(output).toMatch(/solvers\.ldps\.steps 50 -(>|\\>|&gt;) 100/);
    }
  });

  it('share nothing where they have other pictures, or another protocol', () => {
    const { first, comparison } = compared();
    const others = cells('ldps', [1, 2], ldps(50)).map(([cell, value], i): [CellRecord, number] => [
      { ...cell, key: `x${i}`, item: `other/${i}` },
      value,
    ]);
    const apart = compare(
      { source: first, config: null },
      { source: sourceOf('apart', others), config: null },
    );
    expect(apart.changes).toBeNull();
    expect(sharesNumbers(apart)).toBe(false);
    expect(sharesNumbers(comparison)).toBe(true);
  });
});
