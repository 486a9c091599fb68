/** A thousand guided steps of a solver with real (tiny) networks leave no tensor, no node and no memory behind. */
import { rmSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Device, openDevice } from '../../harness/engine/device.ts';
import { tf } from '../../harness/engine/tf.ts';
import { superResolution } from '../../harness/operators/super-resolution.ts';
import { openLatentDiffusion } from '../../harness/priors/latent-diffusion.ts';
import type { PriorWith } from '../../harness/priors/prior.ts';
import { CallTally } from '../../harness/solvers/call-tally.ts';
import ldps from '../../harness/solvers/ldps.ts';
import { inSolve } from '../../harness/solvers/per-image.ts';
import { SamplingRun } from '../../harness/solvers/sampling-run.ts';
import { BatchStreams } from '../../harness/worker/streams.ts';
import { writeTinyPrior } from '../support/tiny-prior.ts';

const STEPS = 1000;
/** What garbage collection and allocators may differ by (measured: it falls by 7). */
const SLACK_MIB = 24;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let device: Device;
let prior: PriorWith<'autoencoder' | 'text'>;
const folder = writeTinyPrior();
beforeAll(async () => {
  device = await openDevice('cpu:1');
  prior = await openLatentDiffusion(folder, { name: 'tiny' }, device.constant);
});
afterAll(async () => {
  prior.dispose();
  await device.dispose();
  rmSync(folder, { recursive: true });
});

it('memory is flat over a thousand guided steps', { timeout: 300_000 }, async () => {
  const streams = new BatchStreams(0, ['a']);
  const samples: { step: number; tensors: number; held: number; rss: number }[] = [];
  const sample = (step: number) => {
    if (step % 200 !== 0) return;
    collectGarbage();
    const rss = process.memoryUsage().rss / 2 ** 20;
    samples.push({ step, tensors: tf.memory().numTensors, held: tf.backend().numDataIds(), rss });
  };
  const y = tf.fill([1, 3, 4, 4], 0.2);
  const problem = { y, A: superResolution(4, [3, 16, 16]), sigma: 0.01, noise: 'gaussian' } as const;
  const run = new SamplingRun({
    images: [{ id: 'a', seed: 0 }],
    compile: device.compile,
    normal: (role, shape) => streams.normal(role, shape),
    uniform: (role, shape) => streams.uniform(role, shape),
    progress: sample,
    tally: new CallTally(),
  });
  const params = inSolve(ldps.params, new Array(run.batch).fill(ldps.params.parse({ steps: STEPS })));
  await ldps.solve(problem, prior, params, run);

  const [first] = samples;
  expect(samples.map(({ step }) => step)).toEqual([200, 400, 600, 800, 1000]);
  for (const { step, tensors, held, rss } of samples) {
    expect({ step, tensors, held }).toEqual({ step, tensors: first!.tensors, held: first!.held });
    expect(rss - first!.rss, `MiB more after ${step} steps than after 200`).toBeLessThan(SLACK_MIB);
  }
});
