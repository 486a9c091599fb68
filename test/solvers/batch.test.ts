import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runSolver } from '../../harness/conformance/run-solver.ts';
import { openDataset } from '../../harness/data/index.ts';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { type Tensor, tf } from '../../harness/engine/tf.ts';
import { psnrMetric } from '../../harness/metrics/psnr.ts';
import { toImage8 } from '../../harness/pictures/image8.ts';
import embedded from '../../harness/priors/embedded.ts';
import type { Prior } from '../../harness/priors/prior.ts';
import ldps from '../../harness/solvers/ldps.ts';
import p2l from '../../harness/solvers/p2l.ts';
import type { Solver } from '../../harness/solvers/solver.ts';
import { measure } from '../../harness/tasks/restore/restoration.ts';
import superResolution from '../../harness/tasks/restore/super-resolution.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';

/** Steps of the whole runs: enough for a difference to grow, few enough for a test. */
const STEPS = 12;
const IDS = ['test/00000', 'test/00001', 'test/00002', 'test/00003'];
const size = 3 * 64 * 64;

let device: Device;
let prior: Prior;
let truths: Float32Array[];
beforeAll(async () => {
  device = await openDevice('cpu');
  prior = await embedded.open({}, (data, shape) => device.constant(data, shape));
  const faces = await openDataset({ set: 'toyfaces' });
  truths = await Promise.all(IDS.map(async (id) => (await faces.item(id, { height: 64, width: 64 })).image));
});
afterAll(() => device.dispose());

/** Restores pictures `from` to `to` as one batch; gives the latents after the first guided step, and the pictures. */
async function restore(solver: Solver, from: number, to: number, step: object) {
  const streams = new BatchStreams(0, IDS.slice(from, to));
  const x = tf.concat(truths.slice(from, to).map((truth) => tf.tensor(truth, [1, 3, 64, 64])));
  const problem = await measure(superResolution, superResolution.params.parse({ factor: 8 }), x, streams);
  let firstStep: Float32Array | undefined;
  const { restored } = await runSolver(
    solver,
    problem,
    prior,
    { steps: STEPS, ...step },
    {
      compile: device.compile,
      ids: IDS.slice(from, to),
      onStep: (_, state) => {
        firstStep ??= Float32Array.from((state.z as Tensor).dataSync());
      },
    },
  );
  return { firstStep: firstStep!, pictures: restored };
}

describe.each([
  ['ldps', ldps, { omega: 7 }],
  ['p2l', p2l, { latentStep: 7, promptLr: 0.02 }],
] as const)('%s with the embedded prior, four pictures as one batch and one by one', (_, solver, step) => {
  it('one guided step agrees within 1e-5, the final PSNR of each picture within 0.05 dB', {
    timeout: 240_000,
  }, async () => {
    const together = await restore(solver, 0, 4, step);
    const latent = together.firstStep.length / 4;
    for (const i of IDS.keys()) {
      const alone = await restore(solver, i, i + 1, step);
      const slice = together.firstStep.subarray(i * latent, (i + 1) * latent);
      expect(relativeDistance(alone.firstStep, slice)).toBeLessThan(1e-5);
      const score = (pixels: Float32Array) =>
        psnrMetric.score(toImage8(pixels, [3, 64, 64]), toImage8(truths[i]!, [3, 64, 64]));
      const whole = score(together.pictures.subarray(i * size, (i + 1) * size));
      expect(Math.abs(score(alone.pictures) - whole)).toBeLessThan(0.05);
    }
  });
});

function relativeDistance(a: Float32Array, b: Float32Array): number {
  let [difference, norm] = [0, 0];
  for (const [i, value] of a.entries()) {
    difference += (value - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference / norm);
}
