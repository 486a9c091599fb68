import { expect, it } from 'vitest';
import { cellsOfAlone, forgetExperiment } from '../../harness/store/forget.ts';
import { readNamed } from '../../harness/store/methods.ts';
import { experimentNames, experimentStatus, metricRows, provenance } from '../../harness/store/queries.ts';
import { registerExperiment, saveSolution, startRun } from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleMethod,
  exampleRun,
  exampleSolution,
  temporaryStore,
} from './example.ts';

const [a, b] = [exampleCell({ key: 'a' }), exampleCell({ key: 'b', item: 'test/1' })];
const c = exampleCell({ key: 'c', method: { ...exampleMethod, name: 'ldps' } });
const earlier = exampleCell({ key: 'earlier', item: 'test/2' });

/** `example` has solved a cell of an earlier plan, one that `other` has too, and one that nobody else has. */
function filled() {
  const store = temporaryStore();
  registerExperiment(store, exampleExperiment([earlier]));
  const run = startRun(store, 'example', exampleRun);
  saveSolution(store, run, exampleSolution(earlier));
  registerExperiment(store, exampleExperiment([a, c]));
  registerExperiment(store, exampleExperiment([a, b], { name: 'other' }));
  for (const cell of [a, c]) saveSolution(store, run, exampleSolution(cell));
  return store;
}

it('an experiment goes with what it alone has, also of earlier plans', () => {
  const store = filled();
  const { cells, shared } = cellsOfAlone(store, 'example');
  expect({ cells, shared }).toEqual({ cells: ['c', 'earlier'], shared: 1 });
  forgetExperiment(store, 'example', cells);
  expect(experimentNames(store)).toEqual(['other']);
  expect(store.db.prepare('SELECT key FROM cells ORDER BY 1').pluck().all()).toEqual(['a', 'b']);
  expect(store.db.prepare('SELECT count(*) FROM scores').pluck().get()).toBe(1);
  expect([...readNamed(store).methods.values()].map(({ name }) => name)).toEqual(['p2l']);
  expect(store.db.pragma('foreign_key_check')).toEqual([]);
});

it('what another has of it stays, with the run that made it', () => {
  const store = filled();
  forgetExperiment(store, 'example', cellsOfAlone(store, 'example').cells);
  expect(experimentStatus(store, 'other')).toMatchObject({ total: 2, done: 1, todo: 1 });
  expect([...metricRows(store, 'other')]).toHaveLength(1);
  expect(provenance(store, 'other').runs).toMatchObject([{ host: 'here', argv: exampleRun.argv }]);
});

it('a run of a forgotten experiment is no last run of one that shared its cells', () => {
  const store = filled();
  forgetExperiment(store, 'example', cellsOfAlone(store, 'example').cells);
  expect(experimentStatus(store, 'other').lastRun).toBe(null);
  expect(experimentNames(store)).toEqual(['other']);
});

it('it goes with the last of its cells', () => {
  const store = filled();
  for (const name of ['example', 'other']) forgetExperiment(store, name, cellsOfAlone(store, name).cells);
  expect(experimentNames(store)).toEqual([]);
  expect(store.db.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(0);
});
