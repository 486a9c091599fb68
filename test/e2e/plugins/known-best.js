/** A solver whose best parameter is known: its result is off by the distance of `level` from 0.3. */
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

const solver = {
  name: 'known-best',
  version: 1,
  paper: 'none',
  requires: {},
  params: z.object({
    steps: z.number().int().default(10),
    level: z.number().max(1).default(0.9),
    fails: z.boolean().default(false),
  }),
  async solve({ y }, _prior, { steps, level, fails }, run) {
    if (fails) throw new Error('this setting never works');
    const step = run.compile(({ y, off }) => tf.add(y, off));
    await tellTest(process.pid);
    run.progress(steps, steps);
    return step({ y, off: Math.abs(level - 0.3) });
  },
};

export default [solver, prior];
