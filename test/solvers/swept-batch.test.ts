/** Settings of a solver in one batch: each gives what it gives beside its own kind. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { openDataset } from '../../harness/data/index.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import embedded from '../../harness/priors/embedded.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import ldps from '../../harness/solvers/ldps.ts';
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
  const params = ofEach.map((one) => ({ steps: 3, ...one }));
  const { restored } = await runSolver(solver, problem, prior, params, {
    ...{ compile: device.compile, ids, seed: seeds },
  });
  const size = restored.length / seeds.length;
  return seeds.map((_, i) => restored.slice(i * size, (i + 1) * size));
}

describe.each([
  ['ldps', ldps, [0.5, 1, 2, 7].map((omega) => ({ omega }))],
  [
    'p2l',
    p2l,
    [0.5, 1, 2, 7].map((latentStep, i) => ({ latentStep, promptLr: 0.01 * (i + 1), proxEvery: 2 })),
  ],
] as const)('%s with the embedded prior, four settings of it in one batch', (_, solver, settings) => {
  it('gives each bit by bit what it gives in a batch of four seeds of that setting', {
    timeout: 240_000,
  }, async () => {
    const swept = await restore(solver, [0, 0, 0, 0], settings);
    for (const [i, setting] of settings.entries()) {
      const alike = await restore(
        solver,
        SEEDS,
        SEEDS.map(() => setting),
      );
      expect(Buffer.from(swept[i]!.buffer).equals(Buffer.from(alike[0]!.buffer))).toBe(true);
      expect(Buffer.from(swept[i]!.buffer).equals(Buffer.from(swept[(i + 1) % 4]!.buffer))).toBe(false);
    }
  });
});
