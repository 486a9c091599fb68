import { expect, it } from 'vitest';
import { experimentNames, experimentStatus } from '../../harness/store/queries.ts';
import { registerExperiment } from '../../harness/store/register.ts';
import { versionsOf } from '../../harness/store/versions.ts';
import { saveSolution, startRun } from '../../harness/store/writes.ts';
import {
  exampleCell,
  exampleExperiment,
  exampleRun,
  exampleSolution,
  psnr,
  temporaryStore,
} from './example.ts';

const [a, b] = [exampleCell({ key: 'a' }), exampleCell({ key: 'b', item: 'test/1' })];
const whole = exampleExperiment([a, b]);

it.each([
  ['cells', exampleExperiment([a])],
  ['their order', exampleExperiment([b, a])],
  ['metrics', exampleExperiment([a, b], { metrics: [{ ...psnr, version: 2 }] })],
  ['what is left out', exampleExperiment([a, b], { skipped: [{ ...a, reason: 'unfit' }] })],
  ['the report', exampleExperiment([a, b], { report: { baseline: 'p2l', charts: [] } })],
])('a plan with other %s is a further version, and the one before stays', (_, changed) => {
  const store = temporaryStore();
  expect(registerExperiment(store, whole)).toEqual({ version: 1, isNew: true });
  expect(registerExperiment(store, changed)).toEqual({ version: 2, isNew: true });
  expect(experimentStatus(store, 'example@1').total).toBe(2);
  expect(experimentStatus(store, 'example').total).toBe(changed.cells.length);
  expect(experimentNames(store)).toEqual(['example']);
});

it('the same plan is the same version, which the name then means again; its text is the latest', () => {
  const store = temporaryStore();
  registerExperiment(store, whole);
  registerExperiment(store, exampleExperiment([a]));
  const again = { ...whole, configText: '# a comment', configValues: { workers: 1 } };
  expect(registerExperiment(store, again)).toEqual({ version: 1, isNew: false });
  expect(versionsOf(store, 'example')).toMatchObject([
    { ref: 'example@1', isLast: true, cells: 2, config: { workers: 1 } },
    { ref: 'example@2', isLast: false, cells: 1, config: null },
  ]);
});

it('a cell that versions share is solved once; a run is of the version that was planned last', () => {
  const store = temporaryStore();
  registerExperiment(store, whole);
  registerExperiment(store, exampleExperiment([a]));
  saveSolution(store, startRun(store, 'example', exampleRun), exampleSolution(a));
  expect(versionsOf(store, 'example')).toMatchObject([
    { done: 1, started: null },
    { done: 1, started: exampleRun.started },
  ]);
});
