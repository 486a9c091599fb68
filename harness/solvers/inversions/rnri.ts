import { z } from 'zod';
import { type Tensor, tf } from '../../engine/tf.ts';
import { innerIterations } from '../checked-parameters.ts';
import { gradientOf } from '../parts/gradients.ts';
import { guided } from '../parts/guidance.ts';
import { defineInversion } from './inversion.ts';
import { cfgScale, guidedPasses, steps, strength, walked } from './parameters.ts';
import { noiseOf, SAMPLERS, type TurnedAt, turn } from './samplers.ts';
import { walk } from './way.ts';

/** The divisor of the public code's step: the latents of Stable Diffusion at 512 px, whatever the size. */
const CODE_DIVISOR = 16384;
/** No derivative is taken to be smaller. */
const LEAST_DERIVATIVE = 1e-6;
const LARGEST = 1e30;

/**
 * Regularised Newton-Raphson inversion (arXiv 2312.12540): a step up looks for a root of the residual of
 * z = f(z), f(z) = up(z_lower, e(z, t)), with a term that keeps f(z) likely for the picture; of all iterates the f(z) of the least
 * residual is taken.
 */
export default defineInversion({
  name: 'rnri',
  title: 'RNRI',
  version: 1,
  paper: 'Samuel, Meiri, Maron, Tewel, Darshan, Avidan, Chechik and Ben-Ari, ICLR 2025 (arXiv 2312.12540)',
  params: z.strictObject({
    steps,
    strength,
    sampler: z
      .enum(SAMPLERS)
      .default('ddim')
      .describe('euler-ancestral: as the public code has it, for models of few steps'),
    iterations: innerIterations(2, 'Newton iterations of a step up'),
    alpha: z.number().min(0).default(0.1).describe('weight of the term that keeps f(z) likely'),
    variant: z
      .enum(['paper', 'public-code'])
      .default('paper')
      .describe('public-code: no gradient through the network, and a step divided by 16384'),
    cfgScale: cfgScale(1),
  }),
  editScale: 1.2,
  passes: (p) => walked(p) * (p.iterations + guidedPasses(p.cfgScale)),
  async remake({ z0, source, target, empty }, prior, p, run) {
    type S = Record<'z' | 'z0' | 'lower' | 'move' | 'best' | 'least' | 'residual' | 'winner', Tensor>;
    type N = { n: Tensor };
    const predict = guided(prior, empty, p.cfgScale);
    const entries = prior.shape.reduce((product, side) => product * side, 1);

    const residual = (z: Tensor, { lower, z0 }: Pick<S, 'lower' | 'z0'>, at: TurnedAt, n: Tensor) => {
      const f = at.up(lower, at.noise(z, prior.predict(at.shown(z), at.t, source)), n);
      const unlikely = tf.mul(0.5 * p.alpha, tf.square(at.deviation(f, z0)));
      return { f, loss: tf.sum(tf.add(tf.abs(tf.sub(f, z)), unlikely), [1, 2, 3], true) };
    };
    const derivative = {
      paper(z: Tensor, s: S, at: TurnedAt, n: Tensor) {
        const { gradient, f, loss } = gradientOf(z, (z) => residual(z, s, at, n));
        const least = tf.maximum(tf.abs(gradient), LEAST_DERIVATIVE);
        return {
          f,
          loss,
          moved: tf.div(tf.div(loss, entries), tf.where(tf.less(gradient, 0), tf.neg(least), least)),
        };
      },
      // f takes no part in it: d |f - z| / dz = -sign(f - z).
      'public-code'(z: Tensor, s: S, at: TurnedAt, n: Tensor) {
        const { f, loss } = residual(z, s, at, n);
        return { f, loss, moved: tf.mul(tf.div(loss, -CODE_DIVISOR), tf.sign(tf.sub(f, z))) };
      },
    }[p.variant];

    const enter = run.step(({ z, least }: S, _: TurnedAt) => ({
      lower: tf.clone(z),
      best: tf.clone(z),
      least: tf.fill(least.shape, LARGEST),
    }));
    const evaluate = run.step((s: S, at: TurnedAt, { n, k }: N & { k: Tensor }) => {
      const { f, loss, moved } = derivative(s.z, s, at, n);
      const score = tf.reshape(tf.div(loss, entries), [-1]);
      const better = tf.less(score, s.least);
      return {
        move: moved,
        best: tf.where(tf.reshape(better, [-1, 1, 1, 1]), f, s.best),
        least: tf.minimum(score, s.least),
        winner: tf.where(better, k, s.winner),
        residual: score,
      };
    });
    const newton = run.step(({ z, move }: S, _: TurnedAt) => ({ z: tf.sub(z, move) }));
    const leave = run.step(({ best }: S, _: TurnedAt) => ({ z: tf.clone(best) }));
    const down = run.step(({ z }: S, at: TurnedAt, { n }: N) => ({
      z: at.down(z, at.noise(z, predict(at.shown(z), at.t, target)), n),
    }));

    const sampler = turn(p.sampler, prior, p, run);
    const each = tf.zeros([run.batch]);
    const start = {
      z: z0,
      z0: tf.clone(z0),
      lower: z0,
      move: z0,
      best: z0,
      least: each,
      residual: each,
      winner: each,
    };
    return walk<S, TurnedAt>(run, sampler.grid, start, {
      async up(s, at) {
        s = await enter(s, at);
        for (let k = 0; k < p.iterations; k++) {
          if (k > 0) s = await newton(s, at);
          s = await evaluate(s, at, { n: noiseOf(sampler, at), k: tf.scalar(k) });
        }
        await run.trace({ residual: s.least });
        return leave(s, at);
      },
      down: async (s, at) => down(s, at, { n: noiseOf(sampler, at) }),
    });
  },
});
