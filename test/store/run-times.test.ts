import { expect, it } from 'vitest';
import { registerExperiment } from '../../harness/store/register.ts';
import { runTimes } from '../../harness/store/run-times.ts';
import { endRun, saveSolution, startRun } from '../../harness/store/writes.ts';
import { exampleCell, exampleExperiment, exampleRun, exampleSolution, temporaryStore } from './example.ts';

it('counts a batch of several seeds once, and one that an earlier version has stored by its pictures for each seed', () => {
  const store = temporaryStore();
  const cells = ['a', 'b', 'c', 'd'].map((key, seed) => exampleCell({ key, seed }));
  registerExperiment(store, exampleExperiment(cells));
  const devices = ['cpu:1', 'cpu:1', 'cpu:1', 'cpu:1'];
  const run = startRun(store, 'example', { ...exampleRun, devices });
  const [a, b, c, d] = cells;
  for (const cell of [a!, b!]) saveSolution(store, run, exampleSolution(cell, { batch: ['a', 'b'] }));
  for (const cell of [c!, d!]) saveSolution(store, run, exampleSolution(cell, { batch: ['test/0'] }));
  endRun(store, run, 'finished');
  expect(runTimes(store).map(({ workers }) => workers)).toEqual([3]);
});

it('a finished run has its estimate, its time, and what its batches took alone', () => {
  const store = temporaryStore();
  const cells = ['a', 'b'].map((key, seed) => exampleCell({ key, seed }));
  registerExperiment(store, exampleExperiment(cells));
  const started = new Date(Date.now() - 60_000).toISOString();
  const run = startRun(store, 'example', {
    ...exampleRun,
    started,
    devices: ['cpu:1', 'cpu:1', 'cpu:1'],
    estimatedSeconds: 40,
  });
  for (const cell of cells) saveSolution(store, run, exampleSolution(cell, { seconds: 12 }));
  expect(runTimes(store)).toEqual([]);
  endRun(store, run, 'finished');
  // Two batches keep two of the three workers busy.
  expect(runTimes(store)).toEqual([
    {
      estimatedSeconds: 40,
      seconds: expect.closeTo(60, 0),
      solvingSeconds: 24,
      workers: 2,
      priorSha256: 'w1',
    },
  ]);
});
