import { describe, expect, it } from 'vitest';
import { readNamed } from '../../harness/store/methods.ts';
import {
  cellStates,
  costs,
  experimentStatus,
  failureRows,
  imageRows,
  metricRows,
  missingScores,
} from '../../harness/store/queries.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { provenance } from '../../harness/store/runs.ts';
import { storeError } from '../../harness/store/store-error.ts';
import {
  countAttempt,
  endRun,
  reopenCells,
  resetFailures,
  saveFailure,
  saveScores,
  saveSolution,
  startRun,
} from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleRun,
  exampleSolution,
  psnr,
  temporaryStore,
} from './example.ts';

const a = exampleCell({ key: 'a' });
const b = exampleCell({ key: 'b', item: 'test/1' });

function runOf(...cells: Parameters<typeof exampleExperiment>) {
  const store = temporaryStore();
  registerExperiment(store, exampleExperiment(...cells));
  return { store, run: startRun(store, 'example', exampleRun) };
}

describe('an experiment', () => {
  it('keeps its results when it is registered again', () => {
    const { store, run } = runOf([a, b]);
    saveSolution(store, run, exampleSolution(a));
    registerExperiment(store, exampleExperiment([a, b]));
    expect(cellStates(store, 'example')).toEqual(
      new Map([
        ['a', 'done'],
        ['b', 'todo'],
      ]),
    );
    expect([...metricRows(store, 'example')]).toHaveLength(1);
  });

  it('is by its name the version that was planned last, in its order', () => {
    const { store, run } = runOf([a, b]);
    for (const cell of [a, b]) saveSolution(store, run, exampleSolution(cell));
    registerExperiment(store, exampleExperiment([b]));
    expect([...metricRows(store, 'example')].map((row) => row.item)).toEqual(['test/1']);
    registerExperiment(store, exampleExperiment([b, a]));
    expect([...metricRows(store, 'example')].map((row) => row.item)).toEqual(['test/1', 'test/0']);
    registerExperiment(store, exampleExperiment([b, a], { metrics: [] }));
    expect([...metricRows(store, 'example')]).toEqual([]);
  });

  it('shares a cell with another experiment that plans the same', () => {
    const { store, run } = runOf([a]);
    saveSolution(store, run, exampleSolution(a));
    registerExperiment(store, exampleExperiment([a, b], { name: 'other' }));
    expect(experimentStatus(store, 'other')).toMatchObject({ total: 2, done: 1, todo: 1 });
    expect([...metricRows(store, 'other')]).toEqual([...metricRows(store, 'example')]);
  });

  it('tells its runs, its priors and its text', () => {
    const { store, run } = runOf([a]);
    saveSolution(store, run, exampleSolution(a));
    endRun(store, run, 'finished');
    const second = startRun(store, 'example', exampleRun);
    expect(provenance(store, 'example')).toMatchObject({
      configText: 'name: example',
      priors: [{ name: 'embedded', weightsSha256: 'w1', toy: true }],
      runs: [
        { id: run, outcome: 'finished', versions: { node: '20' }, commit: null },
        { id: second, outcome: null, ended: null },
      ],
    });
  });
});

describe('a result', () => {
  it('is one row a metric value', () => {
    const { store, run } = runOf([a]);
    saveSolution(store, run, exampleSolution(a));
    expect([...metricRows(store, 'example')]).toEqual([
      {
        method: a.method.key,
        setting: a.setting.key,
        item: 'test/0',
        seed: 0,
        metric: 'psnr',
        version: 1,
        protocol: '{"range":255}',
        value: 20,
      },
    ]);
  });

  it('stays as first stored when it is stored again', () => {
    const { store, run } = runOf([a]);
    saveSolution(store, run, exampleSolution(a));
    const scores = [{ metric: 'psnr', version: 1, protocol: { range: 255 }, value: 99 }];
    saveSolution(store, run, exampleSolution(a, { scores }));
    expect([...metricRows(store, 'example')].map((row) => row.value)).toEqual([20]);
  });

  it('is stored as a whole or not at all', () => {
    const { store, run } = runOf([a]);
    const scores = [{ metric: 'psnr', version: 1, protocol: {}, value: Number.NaN }];
    expect(() => saveSolution(store, run, exampleSolution(a, { scores }))).toThrow(/NOT NULL/);
    expect(experimentStatus(store, 'example')).toMatchObject({ done: 0, todo: 1 });
    expect(imageRows(store, 'example', 8)).toEqual([]);
  });

  it('may be an infinite score', () => {
    const { store, run } = runOf([a]);
    const scores = [{ metric: 'psnr', version: 1, protocol: { range: 255 }, value: Infinity }];
    saveSolution(store, run, exampleSolution(a, { scores }));
    expect([...metricRows(store, 'example')].map((row) => row.value)).toEqual([Infinity]);
  });

  it('shows truth and measurement once for each problem', () => {
    const other = exampleCell({ key: 'c', method: { name: 'ldps' } });
    const { store, run } = runOf([a, other]);
    for (const cell of [a, other]) saveSolution(store, run, exampleSolution(cell));
    expect(imageRows(store, 'example', 8).map(({ role, method, path }) => [role, method, path])).toEqual([
      ['truth', null, 'images/truth-test/0.png'],
      ['given', null, 'images/measurement-test/0.png'],
      ['result', a.method.key, 'images/restored-a.png'],
      ['result', other.method.key, 'images/restored-c.png'],
    ]);
  });

  it('teaches what an image costs', () => {
    const { store, run } = runOf([a, b]);
    saveSolution(store, run, exampleSolution(a, { seconds: 2, counters: { unetForward: 100 } }));
    saveSolution(store, run, exampleSolution(b, { seconds: 4, counters: { unetForward: 100, decoder: 10 } }));
    const { key: method } = a.method;
    const row = { method, images: 2, secondsPerImage: 3, calls: { unetForward: 100, decoder: 5 } };
    expect(costs(store, 'example')).toMatchObject([row]);
    expect(costs(store, null)).toMatchObject([row]);
    expect(costs(store, 'nothing')).toEqual([]);
  });

  it('without counters still has a cost', () => {
    const { store, run } = runOf([a]);
    saveSolution(store, run, exampleSolution(a, { counters: {} }));
    expect(costs(store, 'example')).toMatchObject([{ secondsPerImage: 2, calls: {} }]);
  });
});

describe('a score', () => {
  it('is asked for again when its metric has a new version, and keeps the old value for those who ask for it', () => {
    const { store, run } = runOf([a]);
    saveSolution(store, run, exampleSolution(a));
    expect(missingScores(store, 'example')).toEqual([]);
    const metrics = [{ ...psnr, version: 2 }];
    registerExperiment(store, exampleExperiment([a], { metrics }));
    expect([...metricRows(store, 'example')]).toEqual([]);
    expect(missingScores(store, 'example')).toEqual([
      {
        cellKey: 'a',
        array: { path: 'tensors/a.safetensors', sha256: 'tensor-a' },
        metric: 'psnr',
        version: 2,
        protocol: { range: 255 },
        restored: 'images/restored-a.png',
        truth: 'images/truth-test/0.png',
        dataset: 'toyfaces',
        task: 'super-resolution',
        item: 'test/0',
      },
    ]);
    saveScores(store, 'a', [{ metric: 'psnr', version: 2, protocol: { range: 255 }, value: 21 }]);
    expect([...metricRows(store, 'example')].map((row) => row.value)).toEqual([21]);
    registerExperiment(store, exampleExperiment([a]));
    expect([...metricRows(store, 'example')].map((row) => row.value)).toEqual([20]);
  });
});

describe('a failure', () => {
  const oom = { cellKey: 'a', kind: 'oom', message: 'out of memory', logTail: 'last words' } as const;

  it('is a row with its kind, its message and the attempts', () => {
    const { store } = runOf([a]);
    countAttempt(store, 'a');
    saveFailure(store, oom);
    expect(failureRows(store, 'example')).toMatchObject([
      { cell: 'a', kind: 'oom', message: 'out of memory', logTail: 'last words', attempts: 2 },
    ]);
    expect(experimentStatus(store, 'example')).toMatchObject({ failed: 1, failures: { oom: 1 } });
  });

  it('is put back to do by its kind', () => {
    const { store } = runOf([a, b]);
    saveFailure(store, oom);
    saveFailure(store, { ...oom, cellKey: 'b', kind: 'nan' });
    expect(resetFailures(store, 'example', ['oom', 'timeout'])).toBe(1);
    expect(cellStates(store, 'example')).toEqual(
      new Map([
        ['a', 'todo'],
        ['b', 'failed'],
      ]),
    );
  });

  it('is forgotten by a later success, and never replaces one', () => {
    const { store, run } = runOf([a]);
    saveFailure(store, oom);
    saveSolution(store, run, exampleSolution(a));
    saveFailure(store, oom);
    expect(experimentStatus(store, 'example')).toMatchObject({ done: 1, failed: 0, failures: {} });
  });
});

describe('values that are not what was written', () => {
  it('JSON that is none is named with its column and the remedy', () => {
    const { store, run } = runOf([a, b]);
    saveSolution(store, run, exampleSolution(a));
    store.db.exec(`UPDATE methods SET params = '{"steps":'`);
    saveFailure(store, { cellKey: 'b', kind: 'nan', message: '', logTail: '' });
    for (const read of [() => readNamed(store), () => failureRows(store, 'example')])
      expect(read).toThrow(
        'the results\' database is damaged: methods.params holds "{\\"steps\\":", which is not JSON; ' +
          'to make a new one of the stored files: tweedie rebuild EXPERIMENT.yaml',
      );
    store.db.exec(`UPDATE solutions SET counters = '{'`);
    const lost = (() => {
      try {
        return costs(store, null);
      } catch (error) {
        return storeError(error, 'r')?.message;
      }
    })();
    expect(lost).toContain('r/tweedie.sqlite: the database is damaged (malformed JSON)');
  });

  it('counters that are no numbers are left out', () => {
    const { store, run } = runOf([a]);
    saveSolution(store, run, exampleSolution(a));
    store.db.exec(`UPDATE solutions SET counters = '{"a":null,"b":"x","c":3}'`);
    expect(costs(store, null)[0]!.calls).toEqual({ c: 3 });
  });

  it('times that were lost with a database count for no estimate', () => {
    const { store, run } = runOf([a, b]);
    saveSolution(store, run, exampleSolution(a, { seconds: null, counters: {} }));
    saveSolution(store, run, exampleSolution(b));
    expect(costs(store, null)).toMatchObject([{ images: 1, secondsPerImage: 2 }]);
  });
});

describe('a solved cell that is reopened', () => {
  it('is to do, without solution and scores, and can be stored again', () => {
    const { store, run } = runOf([a, b]);
    for (const cell of [a, b]) saveSolution(store, run, exampleSolution(cell));
    reopenCells(store, ['a']);
    expect([...metricRows(store, 'example')].map(({ item }) => item)).toEqual(['test/1']);
    expect(experimentStatus(store, 'example')).toMatchObject({ done: 1, todo: 1 });
    saveSolution(store, run, exampleSolution(a));
    expect([...metricRows(store, 'example')]).toHaveLength(2);
  });
});
