import { expect, it } from 'vitest';
import { forget, whatGoesWith } from '../../harness/store/forget.ts';
import { readNamed } from '../../harness/store/methods.ts';
import { experimentNames, experimentStatus, metricRows } from '../../harness/store/queries.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { provenance } from '../../harness/store/runs.ts';
import { versionsOf } from '../../harness/store/versions.ts';
import { saveSolution, startRun } from '../../harness/store/writes.ts';
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
  const going = whatGoesWith(store, 'example');
  expect(going).toMatchObject({ cells: ['c', 'earlier'], shared: 1 });
  forget(store, going);
  expect(experimentNames(store)).toEqual(['other']);
  expect(store.db.prepare('SELECT key FROM cells ORDER BY 1').pluck().all()).toEqual(['a', 'b']);
  expect(store.db.prepare('SELECT count(*) FROM scores').pluck().get()).toBe(1);
  expect([...readNamed(store).methods.values()].map(({ name }) => name)).toEqual(['p2l']);
  expect(store.db.pragma('foreign_key_check')).toEqual([]);
});

it('what another has of it stays, with the run that made it', () => {
  const store = filled();
  forget(store, whatGoesWith(store, 'example'));
  expect(experimentStatus(store, 'other')).toMatchObject({ total: 2, done: 1, todo: 1 });
  expect([...metricRows(store, 'other')]).toHaveLength(1);
  expect(provenance(store, 'other').runs).toMatchObject([{ host: 'here', argv: exampleRun.argv }]);
});

it('a version goes alone; the name then means the one that was planned before it', () => {
  const store = filled();
  const going = whatGoesWith(store, 'example@2');
  expect(going).toMatchObject({ cells: ['c'], shared: 1 });
  forget(store, going);
  expect(versionsOf(store, 'example')).toMatchObject([{ ref: 'example@1', isLast: true, cells: 1, done: 1 }]);
  expect(experimentStatus(store, 'example')).toMatchObject({ total: 1, done: 1 });
  expect(store.db.pragma('foreign_key_check')).toEqual([]);
});

it('what another version of it has stays', () => {
  const store = temporaryStore();
  registerExperiment(store, exampleExperiment([a, b]));
  registerExperiment(store, exampleExperiment([a]));
  expect(whatGoesWith(store, 'example@1')).toMatchObject({ cells: ['b'], shared: 1 });
});

it('a run of a forgotten experiment is no last run of one that shared its cells', () => {
  const store = filled();
  forget(store, whatGoesWith(store, 'example'));
  expect(experimentStatus(store, 'other').lastRun).toBe(null);
  expect(experimentNames(store)).toEqual(['other']);
});

it('it goes with the last of its cells', () => {
  const store = filled();
  for (const name of ['example', 'other']) forget(store, whatGoesWith(store, name));
  expect(experimentNames(store)).toEqual([]);
  expect(store.db.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(0);
});
