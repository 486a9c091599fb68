import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { innerIterations } from '../checked-parameters.ts';
import { norm } from '../parts/gradients.ts';
import { guided } from '../parts/guidance.ts';
import { defineInversion } from './inversion.ts';
import { cfgScale, guidedPasses, inversionScale, steps, strength, walked } from './parameters.ts';
import { descent, type Latents, type WayAt, walk, way } from './way.ts';

/**
 * Fixed-point inversion: a step up solves z = up(z_lower, e(z, t)) by iterating it from z_lower (arXiv 2312.12540v1;
 * dvirsamuel/FPI). One iteration is DDIM inversion.
 */
export default defineInversion({
  name: 'fixed-point-inversion',
  title: 'Fixed-point inversion',
  version: 1,
  paper: 'Samuel et al. (arXiv 2312.12540, version 1)',
  params: z.strictObject({
    steps,
    strength,
    iterations: innerIterations(5, 'iterations of a step up'),
    inversionScale,
    cfgScale: cfgScale(1),
  }),
  editScale: 7.5,
  passes: (p) => walked(p) * (p.iterations * guidedPasses(p.inversionScale) + guidedPasses(p.cfgScale)),
  async remake({ z0, source, target, empty }, prior, p, run) {
    type S = Latents & { lower: Tensor; change: Tensor };
    const predict = guided(prior, empty, p.inversionScale);
    const enter = run.step(({ z }: S, _: WayAt) => ({ lower: tf.clone(z) }));
    const iterate = run.step(({ z, lower }: S, { down, low, up }: WayAt, { first }: { first: boolean }) => {
      const e = (first ? low : down).noise(z, predict(z, down.t, source));
      const next = up(lower, e);
      return { z: next, change: norm(tf.sub(next, z)) };
    });
    return walk(
      run,
      way(prior, p),
      { z: z0, z0, lower: z0, change: tf.zeros([run.batch]) },
      {
        async up(s, at) {
          s = await enter(s, at);
          for (let k = 0; k < p.iterations; k++) s = await iterate(s, at, { first: k === 0 });
          await run.trace({ change: s.change });
          return s;
        },
        down: descent(run, guided(prior, empty, p.cfgScale), target),
      },
    );
  },
});
