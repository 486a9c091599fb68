/**
 * A solver and a prior without any network, for tests of the harness itself. The solver computes something that depends
 * on the measurement, the start and every step's noise; its faults are the ways in which a real one ends.
 */
import tf from '@tensorflow/tfjs';
import { z } from 'zod';
import { tellTest } from './tell-test.js';

const shape = [3, 16, 16];

const prior = {
  name: 'nothing',
  version: 1,
  description: 'no model at all',
  params: z.object({}),
  inspect: async () => ({ imageShape: shape, weightsSha256: '0'.repeat(64), toy: true }),
  open: async () => ({ name: 'nothing', imageShape: shape, latentShape: shape, dispose() {} }),
};

const faults = {
  none: (x) => x,
  // Only the first image: its neighbours in the batch are fine.
  nan: (x) => tf.concat([tf.fill([1, ...shape], Number.NaN), x.slice([1, 0, 0, 0])]),
  error: () => {
    throw new Error('this solver never works');
  },
  memory: () => {
    throw new Error('failed to allocate 99 GB');
  },
  crash: () => process.abort(),
  'crash in batches': (x) => (x.shape[0] > 1 ? process.abort() : x),
  // Blocks as native code does: no timer, signal handler or message gets through.
  hang: () => {
    for (;;);
  },
  shape: (x) => x.slice([0, 0, 0, 0], [-1, -1, 8, 8]),
};

const solver = {
  name: 'arithmetic',
  version: 1,
  paper: 'none',
  requires: {},
  params: z.object({
    steps: z.number().int().default(3),
    gain: z.number().default(0.5),
    fault: z.enum(Object.keys(faults)).default('none'),
  }),
  async solve({ y }, _prior, { steps, gain, fault }, ctx) {
    let x = ctx.normal('initial', shape);
    const step = ctx.compile(({ x, y, noise, gain }) =>
      tf.add(tf.add(tf.mul(x, gain), tf.mul(y, tf.sub(1, gain))), tf.mul(noise, 0.01)),
    );
    for (let i = 1; i <= steps; i++) {
      x = await step({ x, y, noise: ctx.normal('step', shape), gain });
      ctx.count({ unetForward: 1 });
      ctx.progress(i, steps);
      await tellTest(process.pid);
    }
    return faults[fault](x);
  },
};

/** The same, but that each image has a gain of its own. */
const swept = {
  ...solver,
  name: 'swept-arithmetic',
  params: solver.params.extend({ gain: solver.params.shape.gain.meta({ perImage: true }) }),
  solve: (given, prior, { gain, ...params }, ctx) =>
    solver.solve(given, prior, { ...params, gain: tf.reshape(gain, [-1, 1, 1, 1]) }, ctx),
};

export default [prior, solver, swept];
