import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { innerIterations } from '../checked-parameters.ts';
import { type AdamState, adamInit, adamStep, gradientOf } from '../parts/gradients.ts';
import { towards } from '../parts/guidance.ts';
import { defineInversion } from './inversion.ts';
import { cfgScale, steps, strength, walked } from './parameters.ts';
import { ascent, type WayAt, walk, way } from './way.ts';

/** What an image's loss may be more at each step down. */
const TOLERANCE_STEP = 2e-5;

/**
 * Null-text inversion (arXiv 2211.09794, Algorithm 1): DDIM inversion under the prompt alone gives pivots; on the way down the
 * null prompt of each step is tuned so that the guided step lands on the next pivot. Edits take the same null prompts.
 */
export default defineInversion({
  name: 'null-text',
  title: 'Null-text inversion',
  version: 1,
  paper: 'Mokady, Hertz, Aberman, Pritch and Cohen-Or, CVPR 2023 (arXiv 2211.09794)',
  params: z.strictObject({
    steps,
    strength,
    cfgScale: cfgScale(7.5),
    iterations: innerIterations(10, 'most Adam steps on the null prompt at each step down', 0),
    rate: z
      .number()
      .positive()
      .default(0.01)
      .describe('learning rate of Adam; falls by a hundredth of it at each step'),
    tolerance: z
      .number()
      .min(0)
      .default(1e-5)
      .describe('an image is done when its mean squared error is below it; grows by 0.00002 a step'),
  }),
  passes: (p, edits) => walked(p) * ((p.iterations && p.iterations + 1) + (edits ? 5 : 3)),
  async remake({ z0, source, target, empty }, prior, p, run) {
    type S = { z: Tensor; z0: Tensor; edited: Tensor; u: Tensor; e: Tensor; adam: AdamState; loss: Tensor };
    const edits = target !== source;
    const pivots = [tf.clone(z0)];

    const invert = ascent<S>(run, prior.predict, source);
    const enter = run.step(({ z }: S, _: WayAt) => ({ edited: tf.clone(z) }));
    const look = run.step(({ z, u }: S, { down: at }: WayAt) => ({
      e: prior.predict(z, at.t, source).value,
      adam: adamInit(u),
    }));
    type Aim = Record<'pivot' | 'rate' | 'open', Tensor>;
    const tune = run.step(({ z, u, e, adam: before }: S, { down: at }: WayAt, { pivot, rate, open }: Aim) => {
      const { gradient, loss } = gradientOf(u, (u) => {
        const predicted = towards(prior.predict(z, at.t, u), { value: e }, p.cfgScale);
        const next = at.ddim(at.clean(z, predicted), at.noise(z, predicted));
        return { loss: tf.mean(tf.squaredDifference(next, pivot), [1, 2, 3]) };
      });
      const { update, adam } = adamStep(before, gradient, rate);
      return { u: tf.sub(u, tf.mul(tf.reshape(open, [-1, 1, 1]), update)), adam, loss };
    });
    const guided = (z: Tensor, { down: at }: WayAt, u: Tensor, c: Tensor) => {
      const predicted = towards(prior.predict(z, at.t, u), prior.predict(z, at.t, c), p.cfgScale);
      const z0 = at.clean(z, predicted);
      return { z: at.ddim(z0, at.noise(z, predicted)), z0 };
    };
    const move = run.step((s: S, at: WayAt) => ({
      ...guided(s.z, at, s.u, source),
      ...(edits && { edited: guided(s.edited, at, s.u, target).z }),
    }));

    const start = {
      z: z0,
      z0,
      edited: z0,
      u: empty,
      e: z0,
      adam: adamInit(empty),
      loss: tf.zeros([run.batch]),
    };
    const { noise, last } = await walk<S, WayAt>(run, way(prior, p), start, {
      async up(s, at) {
        s = await invert(s, at);
        pivots.push(tf.clone(s.z));
        return s;
      },
      async down(s, at) {
        const i = pivots.length - 1 - at.n;
        if (edits && i === 0) s = await enter(s, at);
        if (p.iterations > 0) s = await look(s, at);
        const open = new Float32Array(run.batch).fill(1);
        for (let j = 0; j < p.iterations && open.includes(1); j++) {
          s = await tune(s, at, {
            pivot: tf.clone(pivots[at.n - 1]!),
            rate: tf.scalar(p.rate * Math.max(0, 1 - i / 100)),
            open: tf.tensor1d(open.slice()),
          });
          const losses = await s.loss.data();
          for (const [b, loss] of losses.entries()) if (loss < p.tolerance + i * TOLERANCE_STEP) open[b] = 0;
        }
        await run.trace({ loss: s.loss });
        return move(s, at);
      },
    });
    tf.dispose(pivots);
    return { noise, z: edits ? last.edited : last.z };
  },
});
