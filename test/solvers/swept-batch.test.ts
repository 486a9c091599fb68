/** Settings of a solver in one batch: each gives what it gives beside its own kind. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { openDataset } from '../../harness/data/index.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import embedded from '../../harness/priors/embedded.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import p2l from '../../harness/solvers/p2l.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import { measure } from '../../harness/tasks/restore/restoration.ts';
import superResolution from '../../harness/tasks/restore/super-resolution.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';

const ID = 'test/00000';
const SEEDS = [0, 1, 2, 3];

let device: Device;
let prior: Prior;
let truth: Float32Array;
beforeAll(async () => {
  device = await openDevice('cpu');
  prior = await embedded.open({}, (data, shape) => device.constant(data, shape));
  const faces = await openDataset({ set: 'toyfaces' });
  ({ image: truth } = await faces.item(ID, { height: 64, width: 64 }));
});
afterAll(() => device.dispose());

/** Restores one picture, as an image of the batch for each seed and its parameters; gives each image's result. */
async function restore(solver: Solver, seeds: readonly number[], ofEach: readonly object[]) {
  const ids = seeds.map(() => ID);
  const x: Tensor = tf.tensor(
    seeds.flatMap(() => [...truth]),
    [seeds.length, 3, 64, 64],
  );
  const streams = new BatchStreams(seeds, ids);
  const problem = await measure(superResolution, superResolution.params.parse({ factor: 8 }), x, streams);
  const params = ofEach.map((one) => ({ steps: 2, ...one }));
  const from = { compile: device.compile, ids, seed: seeds };
  const { restored } = await runSolver(solver, problem, prior, params, from);
  const size = restored.length / seeds.length;
  return seeds.map((_, i) => restored.slice(i * size, (i + 1) * size));
}

it('p2l with the embedded prior: of four settings in one batch each gives bit by bit what it gives among four seeds of its own', {
  timeout: 240_000,
}, async () => {
  const settings = [0.5, 1, 2, 7].map((latentStep, i) => ({
    latentStep,
    promptLr: 0.01 * (i + 1),
    proxEvery: 2,
  }));
  const swept = await restore(p2l, [0, 0, 0, 0], settings);
  for (const i of [0, 3]) {
    const alike = await restore(
      p2l,
      SEEDS,
      SEEDS.map(() => settings[i]!),
    );
    expect(isSame(swept[i]!, alike[0]!)).toBe(true);
  }
  expect(isSame(swept[0]!, swept[3]!)).toBe(false);
});

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, i) => Object.is(value, b[i]));
}
