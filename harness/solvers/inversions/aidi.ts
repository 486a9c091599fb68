import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { innerIterations } from '../checked-parameters.ts';
import { norm, sumSquares } from '../parts/gradients.ts';
import { guided } from '../parts/guidance.ts';
import { defineInversion } from './inversion.ts';
import { cfgScale, guidedPasses, inversionScale, steps, strength, walked } from './parameters.ts';
import { descent, type Latents, type WayAt, walk, way } from './way.ts';

/** Below this two residuals are the same. */
const SAME = 1e-12;

/**
 * AIDI (arXiv 2309.04907): the fixed point z = f(z) of a step up, f(z) = up(z_lower, e(z, t)), by an accelerated iteration.
 * There is no public code: this is our reading. `anderson` is the acceleration of Walker and Ni (2011) with one residual before.
 */
export default defineInversion({
  name: 'aidi',
  title: 'AIDI',
  version: 1,
  paper: 'Pan, Gherardi, Xie and Huang, ICCV 2023 (arXiv 2309.04907)',
  params: z.strictObject({
    steps,
    strength,
    iterations: innerIterations(5, 'iterations of a step up'),
    acceleration: z
      .enum(['empirical', 'anderson'])
      .default('empirical')
      .describe('empirical: z becomes the mean of f(z) and f(f(z)); anderson: mixed with the iterate before'),
    inversionScale,
    cfgScale: cfgScale(1),
  }),
  editScale: 7.5,
  passes(p) {
    const perIteration = p.acceleration === 'empirical' ? 2 : 1;
    const up = p.iterations * perIteration * guidedPasses(p.inversionScale);
    return walked(p) * (up + guidedPasses(p.cfgScale));
  },
  async remake({ z0, source, target, empty }, prior, p, run) {
    /** `image` and `residual`: f(z) and f(z) - z of the iteration before. */
    type S = Latents & Record<'lower' | 'image' | 'residual' | 'change', Tensor>;
    const predict = guided(prior, empty, p.inversionScale);
    const f = (z: Tensor, lower: Tensor, { down, up }: WayAt) =>
      up(lower, down.noise(z, predict(z, down.t, source)));

    const enter = run.step(({ z }: S, _: WayAt) => ({ lower: tf.clone(z) }));
    const average = run.step(({ z, lower }: S, at: WayAt) => {
      const once = f(z, lower, at);
      return { z: tf.mul(tf.add(once, f(once, lower, at)), 0.5), change: norm(tf.sub(once, z)) };
    });
    const anderson = run.step((s: S, at: WayAt, { first }: { first: boolean }) => {
      const image = f(s.z, s.lower, at);
      const residual = tf.sub(image, s.z);
      const change = norm(residual);
      if (first) return { z: image, image, residual, change };
      const step = tf.sub(residual, s.residual);
      const overlap = tf.sum(tf.mul(residual, step), [1, 2, 3], true);
      const gamma = tf.div(overlap, tf.add(tf.reshape(sumSquares(step), overlap.shape), SAME));
      return { z: tf.sub(image, tf.mul(gamma, tf.sub(image, s.image))), image, residual, change };
    });

    const start = { z: z0, z0, lower: z0, image: z0, residual: z0, change: tf.zeros([run.batch]) };
    return walk<S, WayAt>(run, way(prior, p), start, {
      async up(s, at) {
        s = await enter(s, at);
        for (let k = 0; k < p.iterations; k++)
          s =
            p.acceleration === 'empirical' ? await average(s, at) : await anderson(s, at, { first: k === 0 });
        await run.trace({ change: s.change });
        return s;
      },
      down: descent<S>(run, guided(prior, empty, p.cfgScale), target),
    });
  },
});
