import { describe, expect, it } from 'vitest';
import { missingSetScores, setRows } from '../../harness/store/configurations.ts';
import { missingScores } from '../../harness/store/queries.ts';
import type { CellRecord, SetScoreRecord } from '../../harness/store/records.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import type { Store } from '../../harness/store/store.ts';
import { saveFailure, saveSetScore, saveSolution, startRun } from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleRun,
  exampleSolution,
  psnr,
  temporaryStore,
} from './example.ts';

const fid = { name: 'fid-toy', version: 1, level: 'set', protocol: { backbone: 'toy' } } as const;

/** Two pictures, two seeds. */
function cellsOf(solver: string): CellRecord[] {
  return [0, 1].flatMap((item) =>
    [0, 1].map((seed) =>
      exampleCell({ key: `${solver}-${item}-${seed}`, method: { name: solver }, item: `test/${item}`, seed }),
    ),
  );
}

function storeWith(cells: readonly CellRecord[], solved: readonly CellRecord[]): Store {
  const store = temporaryStore();
  registerExperiment(store, exampleExperiment(cells, { metrics: [psnr, fid] }));
  const run = startRun(store, 'example', exampleRun);
  for (const cell of solved) saveSolution(store, run, exampleSolution(cell));
  return store;
}

function scored(plan: ReturnType<typeof missingSetScores>[number], value: number): SetScoreRecord {
  const { key, metric } = plan;
  const { name, version, protocol } = metric;
  const rest = { value, standardError: 0.5, replicates: [value + 1, value - 1], warnings: ['few'] };
  return { key, metric: name, version, protocol, ...rest };
}

describe("a set's number", () => {
  it('is of everything that one method made, and of each truth once', () => {
    const [plan, ...others] = missingSetScores(storeWith(cellsOf('ldps'), cellsOf('ldps')), 'example');
    expect(others).toEqual([]);
    expect(plan!.generated.map(({ item, sha256 }) => [item, sha256])).toEqual([
      ['test/0', 'restored-ldps-0-0'],
      ['test/0', 'restored-ldps-0-1'],
      ['test/1', 'restored-ldps-1-0'],
      ['test/1', 'restored-ldps-1-1'],
    ]);
    expect(plan!.references.map(({ sha256 }) => sha256)).toEqual(['truth-test/0', 'truth-test/1']);
    expect(plan!.metric).toMatchObject({
      name: 'fid-toy',
      protocol: { backbone: 'toy', generated: 4, references: 2, paired: true },
    });
  });

  it('waits until every cell of its method is done: a set that lacks a picture is another set', () => {
    const [ldps, p2l] = [cellsOf('ldps'), cellsOf('p2l')];
    const store = storeWith([...ldps, ...p2l], [...ldps, ...p2l.slice(1)]);
    saveFailure(store, { cellKey: p2l[0]!.key, kind: 'nan', message: '', logTail: '' });
    expect(missingSetScores(store, 'example')).toHaveLength(1);
  });

  it('needs two pictures', () => {
    const cells = cellsOf('ldps').filter(({ item }) => item === 'test/0');
    expect(missingSetScores(storeWith(cells, cells), 'example')).toEqual([]);
  });

  it('is no score that a single cell lacks', () => {
    const cells = cellsOf('ldps');
    expect(missingScores(storeWith(cells, cells), 'example')).toEqual([]);
  });

  it('is stored once, and computed for a further method without the others', () => {
    const [ldps, p2l] = [cellsOf('ldps'), cellsOf('p2l')];
    const store = storeWith(ldps, [...ldps]);
    const [first] = missingSetScores(store, 'example');
    saveSetScore(store, scored(first!, 7));
    expect(missingSetScores(store, 'example')).toEqual([]);

    registerExperiment(store, exampleExperiment([...ldps, ...p2l], { metrics: [fid] }));
    const run = startRun(store, 'example', exampleRun);
    for (const cell of p2l) saveSolution(store, run, exampleSolution(cell));
    const missing = missingSetScores(store, 'example');
    expect(missing.map(({ generated }) => generated[0]!.sha256)).toEqual(['restored-p2l-0-0']);
    saveSetScore(store, scored(missing[0]!, 5));
    saveSetScore(store, scored(missing[0]!, 99));
    expect(setRows(store, 'example').map(({ method, value }) => [method, value])).toEqual([
      [ldps[0]!.method.key, 7],
      [p2l[0]!.method.key, 5],
    ]);
  });

  it('has its error, its replicates and how many pictures and seeds it is of', () => {
    const cells = cellsOf('ldps');
    const store = storeWith(cells, cells);
    saveSetScore(store, scored(missingSetScores(store, 'example')[0]!, 7));
    expect(setRows(store, 'example')).toMatchObject([
      { standardError: 0.5, replicates: [8, 6], warnings: ['few'], images: 2, seeds: 2, metric: 'fid-toy' },
    ]);
  });

  it('is asked for again with another version, protocol, or set of pictures', () => {
    const cells = cellsOf('ldps');
    const store = storeWith(cells, cells);
    const ask = (metric: typeof fid | object, of = cells) => {
      registerExperiment(store, exampleExperiment(of, { metrics: [{ ...fid, ...metric }] }));
      return missingSetScores(store, 'example');
    };
    saveSetScore(store, scored(ask({})[0]!, 7));
    expect(ask({})).toEqual([]);
    expect(ask({ version: 2 })).toHaveLength(1);
    expect(ask({ protocol: { backbone: 'other' } })).toHaveLength(1);
    expect(
      ask(
        {},
        cells.filter(({ seed }) => seed === 0),
      ),
    ).toHaveLength(1);
    expect(ask({}, [...cells].reverse()), 'the order of the plan is no part of it').toEqual([]);
  });
});
